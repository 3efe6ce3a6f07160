import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { addApprover, approveCampaign, listApprovers, removeApprover } from '../../operations/approvals.ts';
import { createCampaign, previewCampaign } from '../../operations/campaign-plan.ts';
import { pauseCampaign, requireCampaign, viewCampaign, viewCampaignPlants } from '../../operations/campaigns.ts';
import type { OperationContext } from '../../operations/context.ts';
import { Turns } from '../../platform/turns.ts';
import type { Campaigns } from '../campaigns.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

/** Guessing a code through the console is slow: one at a time, and a wrong one is answered late. */
const wrongCodeMs = 1_000;

export function campaignsHandlers({ campaigns }: Implementer, contextOf: ContextOf, runner: Campaigns) {
  const codes = new Turns(1);
  const view = (operation: OperationContext, campaignId: string) =>
    viewCampaign(operation, requireCampaign(operation, campaignId));

  return {
    preview: campaigns.preview.handler(({ input, context }) => previewCampaign(contextOf(context), input.selection)),
    create: campaigns.create.handler(({ input, context }) => {
      const operation = contextOf(context);
      return viewCampaign(operation, createCampaign(operation, input.selection, input.settings));
    }),
    list: campaigns.list.handler(({ context }) => {
      const operation = contextOf(context);
      return operation.vault.campaigns.list().map((row) => viewCampaign(operation, row));
    }),
    get: campaigns.get.handler(({ input: { campaignId }, context }) => {
      const operation = contextOf(context);
      return { ...view(operation, campaignId), rows: viewCampaignPlants(operation, campaignId) };
    }),
    start: campaigns.start.handler(({ input: { campaignId }, context }) => {
      const operation = contextOf(context);
      runner.start(operation, campaignId);
      return view(operation, campaignId);
    }),
    pause: campaigns.pause.handler(({ input: { campaignId }, context }) => {
      const operation = contextOf(context);
      pauseCampaign(operation, campaignId, 'operator');
      return view(operation, campaignId);
    }),
    cancel: campaigns.cancel.handler(({ input: { campaignId }, context }) => {
      const operation = contextOf(context);
      runner.cancel(operation, campaignId);
      return view(operation, campaignId);
    }),
    retryFailed: campaigns.retryFailed.handler(({ input: { campaignId }, context }) => {
      const operation = contextOf(context);
      runner.retryFailed(operation, campaignId);
      return view(operation, campaignId);
    }),
    approve: campaigns.approve.handler(async ({ input: { campaignId, ...approval }, context }) => {
      const operation = contextOf(context);
      await codes.run(() => approveCampaign(operation, campaignId, approval).catch(lateWhenWrong));
      return view(operation, campaignId);
    }),
    listApprovers: campaigns.listApprovers.handler(({ context }) => listApprovers(contextOf(context))),
    addApprover: campaigns.addApprover.handler(({ input: { name, code }, context }) =>
      addApprover(contextOf(context), name, code),
    ),
    removeApprover: campaigns.removeApprover.handler(({ input: { name }, context }) => {
      removeApprover(contextOf(context), name);
    }),
  };
}

async function lateWhenWrong(error: unknown): Promise<never> {
  if (error instanceof ConsoleError && error.code === 'campaign/wrong-code') await sleep(wrongCodeMs);
  throw error;
}
