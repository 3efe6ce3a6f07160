import { CampaignList } from './CampaignList.tsx';
import { OpenCampaign } from './OpenCampaign.tsx';
import { PlanCampaign } from './plan/PlanCampaign.tsx';

/** The list, the planner, or one campaign: `id` is the end of the address, `#/deployments/campaigns/{id}`. */
export function CampaignsTab({ id }: { id: string | null }) {
  if (id === null) return <CampaignList />;
  if (id === 'plan') return <PlanCampaign />;
  return <OpenCampaign key={id} campaignId={id} />;
}
