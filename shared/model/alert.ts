// What the operator wants to be told of, and what was told. A rule is judged only while its broker is listened to and
// the vault is open: an alert that stands when either ends is neither raised nor ended until both are back.

import { z } from 'zod';
import { plantIdSchema } from './plant.ts';
import { isTopicFilter } from './topics.ts';

/** Whose silence counts. */
const silenceScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plant'), plantId: plantIdSchema }),
  z.object({ kind: z.literal('site'), site: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('all') }),
]);

export const alertConditionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('silent'),
    scope: silenceScopeSchema,
    seconds: z.number().int().min(5).max(604_800),
  }),
  z.object({
    kind: z.literal('value'),
    filter: z.string().max(65_535).refine(isTopicFilter, 'must be an MQTT topic filter'),
    /** JSON Pointer (RFC 6901) to a number in the payload. */
    pointer: z
      .string()
      .max(1000)
      .regex(/^(?:$|\/)/, 'must be empty, or begin with a slash'),
    direction: z.enum(['above', 'below']),
    limit: z.number(),
    /** The alert ends only once the value is back behind the limit by more than this. */
    hysteresis: z.number().min(0),
  }),
  /** A plant sent RAISE on its alarm topic; ends with RESOLVE of the same alarm. */
  z.object({ kind: z.literal('alarm') }),
  /** The broker's log tells of a login that it refused. */
  z.object({ kind: z.literal('refused') }),
]);
export type AlertCondition = z.infer<typeof alertConditionSchema>;
export type AlertKind = AlertCondition['kind'];
export type ConditionOf<Kind extends AlertKind> = Extract<AlertCondition, { kind: Kind }>;

export const alertRuleInputSchema = z.object({
  name: z.string().trim().min(1).max(200),
  /** Null: whichever broker is listened to. */
  brokerId: z.uuid().nullable(),
  isEnabled: z.boolean(),
  condition: alertConditionSchema,
});
export type AlertRuleInput = z.infer<typeof alertRuleInputSchema>;

export const alertRuleSchema = alertRuleInputSchema.extend({ ruleId: z.string() });
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const alertKinds = ['silent', 'value', 'alarm', 'refused'] as const satisfies readonly AlertKind[];

export const alertSchema = z.object({
  alertId: z.string(),
  /** As the rule was called when the alert was raised; the rule may be gone. */
  ruleId: z.string(),
  ruleName: z.string(),
  kind: z.enum(alertKinds),
  /** Null for silence on whichever broker is listened to. */
  brokerId: z.string().nullable(),
  brokerName: z.string(),
  plantId: z.string().nullable(),
  /** The same thing again has the same subject: a plant, a topic, an alarm of a plant. */
  subject: z.string(),
  /** In words, made visible and cut. */
  what: z.string(),
  /** The value that raised it, or was seen last. */
  value: z.string().nullable(),
  /** ISO 8601, as are the others. */
  raisedAt: z.string(),
  /** When it was last told of anew. */
  lastAt: z.string(),
  endedAt: z.string().nullable(),
  /** How often it was told of; 1 at first. */
  count: z.number().int(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertOverviewSchema = z.object({
  rules: z.array(alertRuleSchema),
  /** Open ones first, then the newest. */
  alerts: z.array(alertSchema),
  /** Of all, not only of those in `alerts`. */
  open: z.number().int(),
  unacknowledged: z.number().int(),
  /** Brokers that are listened to now: nothing is judged at the others. */
  listening: z.array(z.object({ brokerId: z.string(), brokerName: z.string(), isConnected: z.boolean() })),
  /** Payloads that a value rule was about and that were not read, since there were too many or they were too large. */
  skipped: z.number().int(),
  /** Alerts that were not kept, since too many stood open. */
  notKept: z.number().int(),
  /** Alarms that were not believed: their signature is not the plant's. */
  unbelieved: z.number().int(),
});
export type AlertOverview = z.infer<typeof alertOverviewSchema>;
