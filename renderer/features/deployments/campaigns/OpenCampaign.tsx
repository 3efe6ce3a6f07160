import { Anchor, Button, Group } from '@mantine/core';
import { IconArrowLeft, IconPlaylistAdd } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Campaign } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { dateTime, useNow } from '../../../ui/time.ts';
import { CampaignActions } from './CampaignActions.tsx';
import listClasses from './CampaignList.module.css';
import { CampaignPlants } from './CampaignPlants.tsx';
import { CampaignProgress } from './CampaignProgress.tsx';
import { CampaignSign } from './CampaignSign.tsx';
import classes from './OpenCampaign.module.css';
import type { OpenedCampaign } from './store.ts';
import { proofWords, situationOf } from './words.ts';

/** One campaign and each of its plants. */
export function OpenCampaign({ campaignId }: { campaignId: string }) {
  const { opened, open, close } = useStore(useConsole().campaigns);
  useEffect(() => {
    open(campaignId);
    return close;
  }, [campaignId, open, close]);
  return (
    <>
      <div>
        <Anchor href={href('deployments', 'campaigns')} underline="hover" className={classes.back}>
          <IconArrowLeft size={18} aria-hidden /> All campaigns
        </Anchor>
      </div>
      <SnapshotView snapshot={opened} onRetry={() => open(campaignId)}>
        {(campaign) => <Opened campaign={campaign} />}
      </SnapshotView>
    </>
  );
}

function Opened({ campaign }: { campaign: OpenedCampaign }) {
  const approvers = useStore(useConsole().campaigns, (store) => readyValue(store.approvers)) ?? [];
  const now = useNow(1000);
  const { name, rows } = campaign;
  return (
    <>
      <section className={listClasses.card} aria-label={name}>
        <div className={listClasses.head}>
          <h2 className={listClasses.name}>{name}</h2>
          <CampaignSign campaign={campaign} now={now} />
          <span className={listClasses.planned}>{settingsWords(campaign)}</span>
        </div>
        <div role="status">{situationOf(campaign, approvers, now)}</div>
        <CampaignProgress campaign={campaign}>
          <Group>
            <PlanTheRest campaign={campaign} />
            <CampaignActions campaign={campaign} now={now} />
          </Group>
        </CampaignProgress>
      </section>
      <CampaignPlants rows={rows} now={now} />
    </>
  );
}

function settingsWords(campaign: Campaign): string {
  const { parallel, createdBy, createdAt, approvedBy } = campaign;
  const agreed = approvedBy ? [`approved by ${approvedBy}`] : [];
  return [
    `planned ${dateTime(createdAt)} by ${createdBy}`,
    ...agreed,
    proofWords(campaign),
    parallel === 1 ? '1 device at a time' : `${parallel} devices at a time`,
  ].join(' · ');
}

/** A campaign that has ended leads to the next one: the plants that did not get their credential. */
function PlanTheRest({ campaign: { state, rows } }: { campaign: OpenedCampaign }) {
  const { campaigns } = useConsole();
  const rest = rows.filter((row) => row.state === 'failed' || row.state === 'skipped');
  if ((state !== 'finished' && state !== 'cancelled') || rest.length === 0) return null;
  const plan = () => {
    campaigns.getState().suggest({ kind: 'plants', plantIds: rest.map(({ plantId }) => plantId) });
    navigate(href('deployments', 'campaigns', 'plan'));
  };
  return (
    <Button leftSection={<IconPlaylistAdd size={20} aria-hidden />} onClick={plan}>
      Plan another for the rest
    </Button>
  );
}
