import { Stack } from '@mantine/core';
import type { Campaign } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { plantsIn, tallyOf } from './words.ts';

export function CancelDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { client } = useConsole();
  const { campaignId, name } = campaign;
  const { waiting, underWay } = tallyOf(campaign);
  return (
    <ConfirmDialog
      title={`Cancel “${name}”`}
      action="Cancel the campaign"
      back="Leave it as it is"
      onConfirm={() => client.campaigns.cancel({ campaignId })}
      onClose={onClose}
    >
      <Stack gap={6}>
        <div>
          <strong>{plantsIn(waiting)}</strong> {waiting === 1 ? 'has' : 'have'} not begun, and never will in this
          campaign. Their credentials stay as they are.
        </div>
        {underWay > 0 && <div>What is under way on {plantsIn(underWay)} ends by itself.</div>}
        <div>A cancelled campaign cannot go on; plan another for what is left.</div>
      </Stack>
    </ConfirmDialog>
  );
}
