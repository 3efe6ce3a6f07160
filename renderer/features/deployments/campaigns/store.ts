import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Approver, Campaign, CampaignRowView, CampaignSelection } from '../../../../shared/model/campaign.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../../app/snapshot.ts';
import type { ConsoleClient } from '../../../transport.ts';

export type OpenedCampaign = Campaign & { readonly rows: readonly CampaignRowView[] };

export type CampaignsStore = {
  /** Newest first. */
  readonly list: Snapshot<readonly Campaign[]>;
  /** Who may agree to other people's campaigns. */
  readonly approvers: Snapshot<readonly Approver[]>;
  readonly openedId: string | null;
  readonly opened: Snapshot<OpenedCampaign>;
  /** What the next plan begins with: a screen that names plants says which, and the planner asks for them otherwise. */
  readonly suggested: CampaignSelection | null;
  open(campaignId: string): void;
  close(): void;
  suggest(selection: CampaignSelection | null): void;
  refresh(): Promise<void>;
  reset(): void;
};

/** A campaign changes several times for each of its plants: the window asks a few times a second at most. */
const paceMs = 250;
const pause = () => new Promise<void>((resolve) => window.setTimeout(resolve, paceMs));

export const createCampaignsStore = (client: ConsoleClient): StoreApi<CampaignsStore> =>
  createStore<CampaignsStore>((set, get) => {
    const refreshOpened = async () => {
      const { openedId: campaignId } = get();
      if (!campaignId) return;
      const opened = await ask(() => client.campaigns.get({ campaignId }));
      if (get().openedId === campaignId) set({ opened });
    };
    return {
      list: waiting,
      approvers: waiting,
      openedId: null,
      opened: waiting,
      suggested: null,
      open: (campaignId) => {
        if (get().openedId !== campaignId) set({ openedId: campaignId, opened: waiting });
        void refreshOpened();
      },
      close: () => set({ openedId: null, opened: waiting }),
      suggest: (suggested) => set({ suggested }),
      refresh: coalesce(async () => {
        const [list, approvers] = await Promise.all([
          ask(() => client.campaigns.list()),
          ask(() => client.campaigns.listApprovers()),
          refreshOpened(),
        ]);
        set({ list, approvers });
        await pause();
      }),
      reset: () => set({ list: waiting, approvers: waiting, openedId: null, opened: waiting, suggested: null }),
    };
  });
