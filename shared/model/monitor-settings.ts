import { z } from 'zod';
import { allPlantsFilter, isTopicFilter } from './topics.ts';

const mebibyte = 1024 * 1024;

/** As whom the console comes in: as itself, or as a plant, with a credential whose secrets still lie in the vault. */
export const monitorIdentitySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('console') }),
  z.object({ kind: z.literal('credential'), credentialId: z.string().min(1).max(100) }),
]);
export type MonitorIdentity = z.infer<typeof monitorIdentitySchema>;

/** A shared subscription would take messages away from those that they are meant for. */
export const monitorFilterSchema = z
  .string()
  .refine(isTopicFilter, 'is no topic filter: + fills a level, and # the last one')
  .refine((filter) => !filter.startsWith('$share/'), 'is a shared subscription: it takes messages away from others');

/** What the monitor may keep, each at most. */
export const monitorBudgetSchema = z.object({
  topics: z.number().int().min(1).max(1_000_000),
  /** Of topics, their last payloads, and what it takes to keep them. */
  payloadBytes: z
    .number()
    .int()
    .min(mebibyte)
    .max(4096 * mebibyte),
  /** Of earlier messages, of all topics together; 0 keeps none. */
  historyBytes: z
    .number()
    .int()
    .min(0)
    .max(2048 * mebibyte),
});
export type MonitorBudget = z.infer<typeof monitorBudgetSchema>;

export const defaultMonitorBudget: MonitorBudget = {
  topics: 100_000,
  payloadBytes: 128 * mebibyte,
  historyBytes: 64 * mebibyte,
};

/** How one broker is listened to; remembered for the next time. */
export const monitorSettingsSchema = z.object({
  identity: monitorIdentitySchema,
  filters: z.array(monitorFilterSchema).min(1).max(100),
  /** Also what the broker says of itself, `$SYS/#`. */
  includeSys: z.boolean(),
  /** auto: MQTT 5, and 3.1.1 where the broker does not speak it; 4 is MQTT 3.1.1. */
  protocolVersion: z.union([z.literal('auto'), z.literal(5), z.literal(4)]),
  budget: monitorBudgetSchema,
});
export type MonitorSettings = z.infer<typeof monitorSettingsSchema>;

/** What is subscribed to. */
export const listenedFilters = ({ filters, includeSys }: Pick<MonitorSettings, 'filters' | 'includeSys'>): string[] =>
  includeSys ? [...filters, '$SYS/#'] : filters;

export const defaultMonitorSettings: MonitorSettings = {
  identity: { kind: 'console' },
  filters: [allPlantsFilter],
  includeSys: false,
  protocolVersion: 'auto',
  budget: defaultMonitorBudget,
};
