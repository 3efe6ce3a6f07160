// Bringing new credentials to many plants: each device is a row of its own, and a campaign outlives the console.

import { z } from 'zod';
import {
  approvalCodeSchema,
  approverSchema,
  campaignCandidateSchema,
  campaignRowSchema,
  campaignSchema,
  campaignSelectionSchema,
  campaignSettingsSchema,
} from '../model/campaign.ts';
import { labelSchema } from '../model/plant.ts';
import { passive, procedure } from './base.ts';

const tags = ['Campaigns'];
const params = z.object({ campaignId: z.uuid() });
const path = '/campaigns/{campaignId}';
const approverPath = '/campaign-approvers';

export const campaignsContract = {
  preview: passive
    .route({ method: 'POST', path: '/campaigns/preview', tags, summary: 'Which plants a campaign would reach' })
    .input(z.object({ selection: campaignSelectionSchema }))
    .output(z.array(campaignCandidateSchema)),
  create: procedure
    .route({
      method: 'POST',
      path: '/campaigns',
      successStatus: 201,
      tags,
      summary: 'Plan a campaign; touches nothing',
    })
    .input(z.object({ selection: campaignSelectionSchema, settings: campaignSettingsSchema }))
    .output(campaignSchema),
  list: passive
    .route({ method: 'GET', path: '/campaigns', tags, summary: 'Newest first' })
    .output(z.array(campaignSchema)),
  get: passive
    .route({ method: 'GET', path, tags, summary: 'A campaign and its plants' })
    .input(params)
    .output(campaignSchema.extend({ rows: z.array(campaignRowSchema) })),
  start: procedure
    .route({ method: 'POST', path: `${path}/start`, tags, summary: 'Begin, or go on; within its change window' })
    .input(params)
    .output(campaignSchema),
  pause: procedure
    .route({ method: 'POST', path: `${path}/pause`, tags, summary: 'Begin nothing new; what runs ends in peace' })
    .input(params)
    .output(campaignSchema),
  cancel: procedure
    .route({ method: 'POST', path: `${path}/cancel`, tags, summary: 'Begin nothing new, ever' })
    .input(params)
    .output(campaignSchema),
  retryFailed: procedure
    .route({ method: 'POST', path: `${path}/retry-failed`, tags, summary: 'Try the failed plants once more' })
    .input(params)
    .output(campaignSchema),
  approve: procedure
    .route({ method: 'POST', path: `${path}/approve`, tags, summary: 'A second person agrees, by their own code' })
    .input(params.extend({ approver: labelSchema, code: approvalCodeSchema }))
    .output(campaignSchema),
  listApprovers: passive
    .route({ method: 'GET', path: approverPath, tags, summary: 'Who may agree to campaigns' })
    .output(z.array(approverSchema)),
  addApprover: procedure
    .route({
      method: 'POST',
      path: approverPath,
      successStatus: 201,
      tags,
      summary: 'Enrol somebody with a code of their own',
    })
    .input(z.object({ name: labelSchema, code: approvalCodeSchema }))
    .output(approverSchema),
  removeApprover: procedure
    .route({
      method: 'DELETE',
      path: `${approverPath}/{name}`,
      tags,
      summary: 'They may not agree to anything any more',
    })
    .input(z.object({ name: labelSchema }))
    .output(z.undefined()),
};
