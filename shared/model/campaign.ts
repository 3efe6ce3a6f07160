import { z } from 'zod';
import { jobErrorSchema } from './job.ts';
import { labelSchema, plantIdSchema, timestampSchema } from './plant.ts';
import { overrulableCheckSchema } from './preflight.ts';

/**
 * - awaitingApproval: a second person has to agree before it may begin.
 * - ready: it may begin.
 * - running: it works, or waits for its change window.
 * - paused: nothing new is begun; `pausedBecause` says who or what stopped it.
 * - finished: every row has ended and the brokers know. Failed rows may be tried again.
 * - cancelled: what had not begun never will.
 */
export const campaignStates = ['awaitingApproval', 'ready', 'running', 'paused', 'finished', 'cancelled'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** Of a campaign that may still touch devices. */
export const openCampaignStates: readonly CampaignState[] = ['awaitingApproval', 'ready', 'running', 'paused'];

/** consoleStopped: the console was closed, locked or killed meanwhile; rows in the middle are looked at when it goes on. */
export const pauseReasons = ['operator', 'consoleStopped', 'windowOver', 'brokerPush'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** `skipped`: the plant is gone or revoked, or the campaign was cancelled before its turn. */
export const campaignRowStates = ['waiting', 'issuing', 'deploying', 'verifying', 'done', 'failed', 'skipped'] as const;
export type CampaignRowState = (typeof campaignRowStates)[number];

/** Of a row that somebody is at, or was at when the console stopped. */
export const middleStates: readonly CampaignRowState[] = ['issuing', 'deploying', 'verifying'];

export const maxCampaignPlants = 2000;

/** Which plants; `expiring` reaches over the certificates in force, since tokens are fetched anew and passwords do not end. */
export const campaignSelectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('expiring'), days: z.number().int().min(0).max(3650) }),
  z.object({ kind: z.literal('site'), site: labelSchema }),
  z.object({ kind: z.literal('plants'), plantIds: z.array(plantIdSchema).min(1).max(maxCampaignPlants) }),
]);
export type CampaignSelection = z.infer<typeof campaignSelectionSchema>;

/** Why a chosen plant is left out. bundleOpen: its newest credential is under way on a stick. */
export const exclusionReasons = [
  'revoked',
  'noDevice',
  'hostKeyUnknown',
  'keyOnDevice',
  'bundleOpen',
  'inCampaign',
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

export const campaignCandidateSchema = z.object({
  plantId: plantIdSchema,
  name: z.string(),
  site: z.string().nullable(),
  credentialExpiresAt: timestampSchema.nullable(),
  excludedBecause: z.enum(exclusionReasons).nullable(),
});
export type CampaignCandidate = z.infer<typeof campaignCandidateSchema>;

export const campaignVerifySchema = z.object({
  /** How long a plant is waited for. */
  seconds: z.number().int().min(1).max(3600),
  /** When it was not heard in time. */
  otherwise: z.enum(['keep', 'rollBack']),
});

export const campaignSettingsSchema = z
  .object({
    name: labelSchema,
    /** Null: what the devices tell is enough; older credentials stay in force until their plants are heard. */
    verify: campaignVerifySchema.nullable(),
    /** Devices at a time, over all. To one host there are never more than four handshakes at once. */
    parallel: z.number().int().min(1).max(64).default(16),
    /** Nothing is begun before and after; what runs when it is over ends in peace. */
    notBefore: timestampSchema.nullable().default(null),
    notAfter: timestampSchema.nullable().default(null),
    /** Refusals of the preflight that the operator takes upon himself. */
    overrule: z.array(overrulableCheckSchema).default([]),
    /** Somebody else than its author has to agree. */
    needsApproval: z.boolean().default(false),
  })
  .refine(({ notBefore, notAfter }) => notBefore === null || notAfter === null || notBefore < notAfter, {
    path: ['notAfter'],
    message: 'must be later than the beginning of the window',
  });
export type CampaignSettings = z.infer<typeof campaignSettingsSchema>;

const count = z.number().int().min(0);

export const campaignSchema = z.object({
  campaignId: z.uuid(),
  name: z.string(),
  state: z.enum(campaignStates),
  pausedBecause: z.enum(pauseReasons).nullable(),
  /** Why the brokers do not know yet what the devices have. */
  problem: jobErrorSchema.nullable(),
  verify: campaignVerifySchema.nullable(),
  parallel: z.number().int(),
  notBefore: timestampSchema.nullable(),
  notAfter: timestampSchema.nullable(),
  overrule: z.array(overrulableCheckSchema),
  needsApproval: z.boolean(),
  createdBy: z.string(),
  createdAt: timestampSchema,
  approvedBy: z.string().nullable(),
  approvedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  counts: z.object({
    waiting: count,
    issuing: count,
    deploying: count,
    verifying: count,
    done: count,
    failed: count,
    skipped: count,
  } satisfies Record<CampaignRowState, z.ZodType>),
});
export type Campaign = z.infer<typeof campaignSchema>;

export const campaignRowSchema = z.object({
  plantId: plantIdSchema,
  plantName: z.string(),
  state: z.enum(campaignRowStates),
  /** Of a row that is done: `verified` when the plant was heard over its new credential. */
  outcome: z.enum(['installed', 'verified']).nullable(),
  attempts: count,
  startedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  error: jobErrorSchema.nullable(),
});
export type CampaignRowView = z.infer<typeof campaignRowSchema>;

/** Whoever may agree to other people's campaigns. */
export const approverSchema = z.object({ name: labelSchema, createdAt: timestampSchema });
export type Approver = z.infer<typeof approverSchema>;

export const approvalCodeSchema = z.string().min(8, 'must have at least 8 characters').max(200);
