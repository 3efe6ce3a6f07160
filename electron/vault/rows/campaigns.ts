import type { CampaignRowState, CampaignSettings, CampaignState, PauseReason } from '../../../shared/model/campaign.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

export type CampaignRow = {
  readonly campaignId: string;
  readonly name: string;
  readonly state: CampaignState;
  readonly pausedBecause: PauseReason | null;
  /** Why the brokers could not be told. */
  readonly problemCode: string | null;
  readonly problemDetail: string | null;
  readonly settings: CampaignSettings;
  readonly createdBy: string;
  readonly createdAt: Timestamp;
  readonly approvedBy: string | null;
  readonly approvedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
};

/** One plant of a campaign. */
export type CampaignPlantRow = {
  readonly campaignPlantId: string;
  readonly campaignId: string;
  /** From 0, in the order in which they are begun. */
  readonly position: number;
  readonly plantId: PlantId;
  /** As it was when the campaign was planned. */
  readonly plantName: string;
  readonly state: CampaignRowState;
  readonly outcome: 'installed' | 'verified' | null;
  readonly attempts: number;
  /** The credential that the campaign brings. */
  readonly credentialId: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
};

export type CampaignTable = {
  insert(row: CampaignRow, plants: readonly CampaignPlantRow[]): void;
  get(campaignId: string): CampaignRow | undefined;
  /** Newest first. */
  list(): CampaignRow[];
  update(
    campaignId: string,
    change: Partial<
      Pick<
        CampaignRow,
        'state' | 'pausedBecause' | 'problemCode' | 'problemDetail' | 'approvedBy' | 'approvedAt' | 'finishedAt'
      >
    >,
  ): void;
  /** In the order in which they are begun. */
  plants(campaignId: string): CampaignPlantRow[];
  plant(campaignPlantId: string): CampaignPlantRow | undefined;
  /** How many of its plants are in each state; states that none is in are left out. */
  counts(campaignId: string): ReadonlyMap<CampaignRowState, number>;
  updatePlant(
    campaignPlantId: string,
    change: Partial<Omit<CampaignPlantRow, 'campaignPlantId' | 'campaignId' | 'position' | 'plantId' | 'plantName'>>,
  ): void;
};

/** Somebody who may agree to other people's campaigns, by a code of their own. */
export type ApproverRow = { readonly name: string; readonly createdAt: Timestamp };

export type ApproverTable = {
  /** `verifier`: what a code is checked against; never the code. */
  insert(row: ApproverRow, verifier: string): void;
  list(): ApproverRow[];
  get(name: string): ApproverRow | undefined;
  verifier(name: string): string | undefined;
  delete(name: string): void;
};
