// What the operator wants to be told of, and what was told. Rules in force are judged while the vault is open, wherever
// the console can hear what they are about; where it cannot, the overview says which and why. An alert that stands when
// either ends is neither raised nor ended until both are back.

import { z } from 'zod';
import { monitorConnectionSchema } from './monitor.ts';
import { plantIdSchema } from './plant.ts';
import { isTopicFilter } from './topics.ts';

/** Whose silence counts. */
const silenceScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plant'), plantId: plantIdSchema }),
  z.object({ kind: z.literal('site'), site: z.string().min(1, 'must not be empty').max(200) }),
  z.object({ kind: z.literal('all') }),
]);

export const alertConditionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('silent'),
    scope: silenceScopeSchema,
    seconds: z
      .number('must be a number')
      .int('must be whole seconds')
      .min(5, 'must be 5 or more')
      .max(604_800, 'must be a week at most'),
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
    limit: z.number('must be a number'),
    /** The alert ends only once the value is back behind the limit by more than this. */
    hysteresis: z.number('must be a number').min(0, 'must be 0 or more'),
  }),
  /** A plant sent RAISE on its alarm topic; ends with RESOLVE of the same alarm. */
  z.object({
    kind: z.literal('alarm'),
    /** Those that count, in upper or lower case; none: all. An alarm that names no severity always counts. */
    severities: z.array(z.string().trim().min(1).max(50)).max(20).optional(),
  }),
  /** The broker's log tells of a login that it refused. */
  z.object({ kind: z.literal('refused') }),
]);
export type AlertCondition = z.infer<typeof alertConditionSchema>;
export type AlertRuleKind = AlertCondition['kind'];
export type ConditionOf<Kind extends AlertRuleKind> = Extract<AlertCondition, { kind: Kind }>;

export const alertRuleInputSchema = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(200),
  /** Null: every broker. */
  brokerId: z.uuid().nullable(),
  isEnabled: z.boolean(),
  condition: alertConditionSchema,
});
export type AlertRuleInput = z.infer<typeof alertRuleInputSchema>;

export const alertRuleSchema = alertRuleInputSchema.extend({ ruleId: z.string() });
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const alertRuleKinds = ['silent', 'value', 'alarm', 'refused'] as const satisfies readonly AlertRuleKind[];
/** unreachable: a broker that rules listen to is away. It has no rule of its own: whoever has rules wants to know. */
export const alertKinds = [...alertRuleKinds, 'unreachable'] as const;
export type AlertKind = (typeof alertKinds)[number];

export const alertSchema = z.object({
  alertId: z.string(),
  /** As the rule was called when the alert was raised; the rule may be gone. */
  ruleId: z.string(),
  ruleName: z.string(),
  kind: z.enum(alertKinds),
  /** Null for silence on every broker. */
  brokerId: z.string().nullable(),
  brokerName: z.string(),
  plantId: z.string().nullable(),
  /** As it was called when the alert was raised; null where it is none of the register. */
  plantName: z.string().nullable(),
  /** The same thing again has the same subject: a plant, a topic, an alarm of a plant. */
  subject: z.string(),
  /** In words, made visible and cut. */
  what: z.string(),
  /** The value that raised it, or was seen last. */
  value: z.string().nullable(),
  /** ISO 8601, as are the others. By the console's clock. */
  raisedAt: z.string(),
  /** When the plant itself says that it raised its alarm, by its own clock. */
  saidAt: z.string().nullable(),
  /** When it was last told of anew. */
  lastAt: z.string(),
  endedAt: z.string().nullable(),
  /** How often it was told of; 1 at first. */
  count: z.number().int(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const deafReasons = [
  /** Being connected to, or lost; it is tried again by itself. `detail`: why. */
  'disconnected',
  /** The operator ended the connection under Live topics. */
  'stopped',
  /** The practice broker is not running; nobody starts it by itself. */
  'practice-stopped',
  /** It cannot even be tried. `detail`: why. */
  'unusable',
  /** Topics beyond the plants' are heard under Live topics only, and its filters leave these out. */
  'outside',
  /** Live topics listens as a plant, and hears what that plant may read. */
  'as-plant',
  /** `detail`: why. */
  'log-unreadable',
  /** Its log is empty but for messages, or tells nothing to whom the console logs in as. */
  'log-empty',
  /** There is no such broker, or none at all. */
  'no-broker',
] as const;
export type DeafReason = (typeof deafReasons)[number];

/** A rule in force that cannot hear at a broker what it is about. */
export const deafRuleSchema = z.object({
  ruleId: z.string(),
  brokerName: z.string(),
  why: z.enum(deafReasons),
  detail: z.string().nullable(),
});
export type DeafRule = z.infer<typeof deafRuleSchema>;

export const alertOverviewSchema = z.object({
  rules: z.array(alertRuleSchema),
  /** Open ones first, then those that nobody has acknowledged, then the newest; not all. */
  alerts: z.array(alertSchema),
  /** Of all, not only of those in `alerts`. */
  total: z.number().int(),
  open: z.number().int(),
  /** Open or ended: nobody has said yet that it was seen. */
  unacknowledged: z.number().int(),
  /** Open, or unacknowledged, or both. */
  current: z.number().int(),
  /** Brokers that are listened to for rules now. */
  listening: z.array(z.object({ brokerId: z.string(), brokerName: z.string(), connection: monitorConnectionSchema })),
  deaf: z.array(deafRuleSchema),
  /** Payloads that a value rule was about and that were not read, since there were too many or they were too large. */
  skipped: z.number().int(),
  /** Alerts that were not kept, since too many stood open. */
  notKept: z.number().int(),
  /** Alarms that were not believed: their signature is not the plant's, or they were recorded and sent again. */
  unbelieved: z.number().int(),
  /** Whose alarms these claimed to be, the first few. */
  unbelievedPlants: z.array(z.string()),
});
export type AlertOverview = z.infer<typeof alertOverviewSchema>;
