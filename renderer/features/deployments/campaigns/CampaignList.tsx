import { Anchor, Button } from '@mantine/core';
import { IconPlaylistAdd, IconTruckDelivery } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Campaign } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { dateTime, useNow } from '../../../ui/time.ts';
import { ApproversPanel } from './approvers/ApproversPanel.tsx';
import { CampaignActions } from './CampaignActions.tsx';
import classes from './CampaignList.module.css';
import { CampaignProgress } from './CampaignProgress.tsx';
import { CampaignSign } from './CampaignSign.tsx';
import { situationOf } from './words.ts';

/** Every campaign, newest first, and who may agree to them. */
export function CampaignList() {
  const { list, refresh, suggest } = useStore(useConsole().campaigns);
  const now = useNow(1000);
  const plan = () => {
    suggest(null);
    navigate(href('deployments', 'campaigns', 'plan'));
  };
  const planButton = (
    <Button variant="filled" leftSection={<IconPlaylistAdd size={20} aria-hidden />} onClick={plan}>
      Plan a campaign
    </Button>
  );
  return (
    <>
      <SnapshotView snapshot={list} onRetry={() => void refresh()}>
        {(campaigns) =>
          campaigns.length === 0 ? (
            <Panel>
              <EmptyState icon={IconTruckDelivery} title="No campaigns yet" action={planButton}>
                A campaign brings new credentials to many plants: each device by itself, verified, and resumed where it
                stopped. Nothing is revoked before its replacement is in force.
              </EmptyState>
            </Panel>
          ) : (
            <>
              <div>{planButton}</div>
              <ul className={classes.list} aria-label="Campaigns">
                {campaigns.map((campaign) => (
                  <CampaignCard key={campaign.campaignId} campaign={campaign} now={now} />
                ))}
              </ul>
            </>
          )
        }
      </SnapshotView>
      <ApproversPanel />
    </>
  );
}

function CampaignCard({ campaign, now }: { campaign: Campaign; now: number }) {
  const approvers = useStore(useConsole().campaigns, (store) => readyValue(store.approvers)) ?? [];
  const { campaignId, name, createdBy, createdAt } = campaign;
  return (
    <li className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <Anchor inherit href={href('deployments', 'campaigns', campaignId)}>
            {name}
          </Anchor>
        </h2>
        <CampaignSign campaign={campaign} now={now} />
        <span className={classes.planned}>
          planned {dateTime(createdAt)} by {createdBy}
        </span>
      </div>
      <div>{situationOf(campaign, approvers, now)}</div>
      <CampaignProgress campaign={campaign}>
        <CampaignActions campaign={campaign} now={now} />
      </CampaignProgress>
    </li>
  );
}
