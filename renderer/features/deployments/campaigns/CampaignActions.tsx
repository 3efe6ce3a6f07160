import { Button, Group, Stack } from '@mantine/core';
import { IconBan, IconPlayerPause, IconPlayerPlay, IconRotateClockwise, IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Campaign } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { ApproveDialog } from './ApproveDialog.tsx';
import { type CampaignAction, offeredActions } from './actions.ts';
import { CancelDialog } from './CancelDialog.tsx';

/** The buttons of a campaign; only those that its state allows. What they changed is heard from the core. */
export function CampaignActions({ campaign, now }: { campaign: Campaign; now: number }) {
  const { client } = useConsole();
  const [pressed, setPressed] = useState<CampaignAction | null>(null);
  const [dialog, setDialog] = useState<'approve' | 'cancel' | null>(null);
  const acting = useAction();
  const { campaignId, name, state } = campaign;
  const offered = offeredActions(campaign, now);
  const does = (action: CampaignAction, work: () => Promise<unknown>) => ({
    loading: acting.isBusy && pressed === action,
    onClick: () => {
      setPressed(action);
      void acting.run(work);
    },
  });
  const retry = async () => {
    await client.campaigns.retryFailed({ campaignId });
    // One that had finished would wait for its start otherwise.
    if (state === 'finished') await client.campaigns.start({ campaignId });
  };
  const of = <span className="visually-hidden"> {name}</span>;
  return (
    <Stack gap={10}>
      {acting.failure && <FailureNotice failure={acting.failure} />}
      {offered.length > 0 && (
        <Group>
          {offered.includes('approve') && (
            <Button
              variant="filled"
              leftSection={<IconUserCheck size={20} aria-hidden />}
              onClick={() => setDialog('approve')}
            >
              Approve…{of}
            </Button>
          )}
          {offered.includes('start') && (
            <Button
              variant="filled"
              leftSection={<IconPlayerPlay size={20} aria-hidden />}
              {...does('start', () => client.campaigns.start({ campaignId }))}
            >
              {state === 'ready' ? 'Start' : 'Resume'}
              {of}
            </Button>
          )}
          {offered.includes('pause') && (
            <Button
              leftSection={<IconPlayerPause size={20} aria-hidden />}
              {...does('pause', () => client.campaigns.pause({ campaignId }))}
            >
              Pause{of}
            </Button>
          )}
          {offered.includes('retryFailed') && (
            <Button leftSection={<IconRotateClockwise size={20} aria-hidden />} {...does('retryFailed', retry)}>
              Retry failed{of}
            </Button>
          )}
          {offered.includes('cancel') && (
            <Button leftSection={<IconBan size={20} aria-hidden />} onClick={() => setDialog('cancel')}>
              Cancel…{of}
            </Button>
          )}
        </Group>
      )}
      {dialog === 'approve' && <ApproveDialog campaign={campaign} onClose={() => setDialog(null)} />}
      {dialog === 'cancel' && <CancelDialog campaign={campaign} onClose={() => setDialog(null)} />}
    </Stack>
  );
}
