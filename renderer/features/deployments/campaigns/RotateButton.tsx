import { Button } from '@mantine/core';
import { IconRotate2 } from '@tabler/icons-react';
import type { CampaignSelection } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';

/** Leads from a list of plants to the planner of campaigns, which begins with `selection`. */
export function RotateButton({ selection }: { selection: CampaignSelection | null }) {
  const { campaigns } = useConsole();
  const plan = () => {
    campaigns.getState().suggest(selection);
    navigate(href('deployments', 'campaigns', 'plan'));
  };
  return (
    <Button leftSection={<IconRotate2 size={20} aria-hidden />} title="Rotate these in a campaign" onClick={plan}>
      Rotate…<span className="visually-hidden"> these in a campaign</span>
    </Button>
  );
}
