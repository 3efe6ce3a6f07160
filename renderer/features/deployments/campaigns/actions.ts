import { type Campaign, openCampaignStates } from '../../../../shared/model/campaign.ts';
import { isWindowOver } from './words.ts';

export type CampaignAction = 'approve' | 'start' | 'pause' | 'retryFailed' | 'cancel';

/** What can be done with a campaign at `now` (Unix ms), the next step first. */
export function offeredActions(campaign: Campaign, now: number): readonly CampaignAction[] {
  const { state, counts } = campaign;
  const mayBegin = !isWindowOver(campaign, now);
  const canRetry = counts.failed > 0 && mayBegin && ['running', 'paused', 'finished'].includes(state);
  const offered: CampaignAction[] = [];
  if (state === 'awaitingApproval') offered.push('approve');
  if ((state === 'ready' || state === 'paused') && mayBegin) offered.push('start');
  if (state === 'running') offered.push('pause');
  if (canRetry) offered.push('retryFailed');
  if (openCampaignStates.includes(state)) offered.push('cancel');
  return offered;
}
