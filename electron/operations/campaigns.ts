// What an operator does with a campaign as a whole. Its plants are carried out by whoever runs it (core/campaigns.ts).

import {
  type Campaign,
  type CampaignRowState,
  type CampaignRowView,
  type CampaignState,
  campaignRowStates,
  middleStates,
  type PauseReason,
} from '../../shared/model/campaign.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { CampaignPlantRow, CampaignRow } from '../vault/rows/campaigns.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** Throws `campaign/not-found`. */
export function requireCampaign({ vault }: OperationContext, campaignId: string): CampaignRow {
  const row = vault.campaigns.get(campaignId);
  if (!row) throw new ConsoleError('campaign/not-found', { details: { campaignId } });
  return row;
}

export function viewCampaign({ vault }: OperationContext, row: CampaignRow): Campaign {
  const { settings, problemCode, problemDetail, ...shown } = row;
  const { verify, parallel, notBefore, notAfter, overrule, needsApproval } = settings;
  const counted = vault.campaigns.counts(row.campaignId);
  const counts = Object.fromEntries(campaignRowStates.map((state) => [state, counted.get(state) ?? 0]));
  return {
    ...shown,
    problem: problemCode === null ? null : { code: problemCode, detail: problemDetail ?? problemCode },
    verify,
    parallel,
    notBefore,
    notAfter,
    overrule,
    needsApproval,
    counts: counts as Record<CampaignRowState, number>,
  };
}

export const viewCampaignPlants = ({ vault }: OperationContext, campaignId: string): CampaignRowView[] =>
  vault.campaigns
    .plants(campaignId)
    .map(({ plantId, plantName, state, outcome, attempts, startedAt, finishedAt, errorCode, errorDetail }) => ({
      plantId,
      plantName,
      state,
      outcome,
      attempts,
      startedAt,
      finishedAt,
      error: errorCode === null ? null : { code: errorCode, detail: errorDetail ?? errorCode },
    }));

/** Throws `campaign/not-found`, `campaign/not-approved`, `campaign/window-over`, `campaign/wrong-state`. */
export function startCampaign(context: OperationContext, campaignId: string): void {
  const { state, settings } = requireCampaign(context, campaignId);
  if (state === 'awaitingApproval') throw new ConsoleError('campaign/not-approved');
  requireState(state, ['ready', 'paused']);
  if (settings.notAfter !== null && timestamp(context) >= settings.notAfter) {
    throw new ConsoleError('campaign/window-over', { details: { notAfter: settings.notAfter } });
  }
  move(context, campaignId, 'campaign.start', { state: 'running', pausedBecause: null });
}

/** Nothing new begins. Throws `campaign/not-found`, `campaign/wrong-state`. */
export function pauseCampaign(context: OperationContext, campaignId: string, because: PauseReason): void {
  requireState(requireCampaign(context, campaignId).state, ['running']);
  move(context, campaignId, 'campaign.pause', { state: 'paused', pausedBecause: because });
}

/**
 * What waits never begins; what is under way ends by itself. Where nothing is, plants in the middle were cut off, and
 * nobody will look at them for this campaign. Throws `campaign/not-found`, `campaign/wrong-state`.
 */
export function cancelCampaign(
  context: OperationContext,
  campaignId: string,
  { isUnderWay }: { readonly isUnderWay: boolean },
): void {
  requireState(requireCampaign(context, campaignId).state, ['awaitingApproval', 'ready', 'running', 'paused']);
  const { campaigns } = context.vault;
  const finishedAt = timestamp(context);
  context.vault.transaction(() => {
    for (const { campaignPlantId, state } of campaigns.plants(campaignId)) {
      if (state === 'waiting') campaigns.updatePlant(campaignPlantId, { state: 'skipped', finishedAt });
      if (!isUnderWay && middleStates.includes(state)) {
        const { code: errorCode, message: errorDetail } = new ConsoleError('campaign/cut-off');
        campaigns.updatePlant(campaignPlantId, { state: 'failed', finishedAt, errorCode, errorDetail });
      }
    }
    move(context, campaignId, 'campaign.cancel', { state: 'cancelled', pausedBecause: null, finishedAt });
  });
}

/**
 * Every failed plant waits again; answers with them. A finished campaign is paused then, until it is started. Throws
 * `campaign/not-found`, `campaign/wrong-state`.
 */
export function retryFailedPlants(context: OperationContext, campaignId: string): readonly CampaignPlantRow[] {
  const { state } = requireCampaign(context, campaignId);
  requireState(state, ['running', 'paused', 'finished']);
  const { campaigns } = context.vault;
  const failed = campaigns.plants(campaignId).filter((row) => row.state === 'failed');
  if (failed.length === 0) throw new ConsoleError('campaign/wrong-state', { because: 'none of its plants has failed' });
  context.vault.transaction(() => {
    for (const { campaignPlantId } of failed) campaigns.updatePlant(campaignPlantId, { state: 'waiting' });
    audit(context, 'campaign.retry', campaignId, { plants: failed.length });
    if (state === 'finished') {
      campaigns.update(campaignId, { state: 'paused', pausedBecause: 'operator', finishedAt: null });
    }
  });
  context.changed('campaigns');
  return failed;
}

/** Nothing is left to do, and the brokers know. */
export function finishCampaign(context: OperationContext, campaignId: string): void {
  const cleared = { pausedBecause: null, problemCode: null, problemDetail: null };
  move(context, campaignId, 'campaign.finish', { ...cleared, state: 'finished', finishedAt: timestamp(context) });
}

/** Devices have what the brokers could not be told of. */
export function holdCampaign(context: OperationContext, campaignId: string, problem: ConsoleError): void {
  const { code: problemCode, message: problemDetail } = problem;
  move(context, campaignId, 'campaign.pause', {
    state: 'paused',
    pausedBecause: 'brokerPush',
    problemCode,
    problemDetail,
  });
}

/** At the unlock: whatever ran was cut off, and goes on when the operator says so. */
export function noteCutOffCampaigns(context: OperationContext): void {
  for (const { campaignId, state } of context.vault.campaigns.list()) {
    if (state === 'running') pauseCampaign(context, campaignId, 'consoleStopped');
  }
}

function requireState(state: CampaignState, allowed: readonly CampaignState[]): void {
  if (!allowed.includes(state)) throw new ConsoleError('campaign/wrong-state', { because: `it is ${state}` });
}

function move(
  context: OperationContext,
  campaignId: string,
  action: string,
  change: Parameters<OperationContext['vault']['campaigns']['update']>[1],
): void {
  context.vault.transaction(() => {
    context.vault.campaigns.update(campaignId, change);
    audit(context, action, campaignId, change.pausedBecause ? { because: change.pausedBecause } : {});
  });
  context.changed('campaigns');
}
