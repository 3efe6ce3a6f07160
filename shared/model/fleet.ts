import { z } from 'zod';
import { monitorConnectionSchema } from './monitor.ts';
import { authMethodSchema, plantIdSchema, plantStatusSchema, timestampSchema } from './plant.ts';

/**
 * refused: a broker turned a login in its name away, and it was not heard since; offline: it said so, or its will did, or
 * no broker has a session of it; stale: silent for longer than is usual for it; online: heard as usual.
 */
export const plantFleetStates = ['refused', 'offline', 'stale', 'online', 'never-seen'] as const;
export type PlantFleetState = (typeof plantFleetStates)[number];

/** What a plant's messages of the last minutes tell besides. */
export const plantProblemKinds = [
  'bad-signature',
  'replayed',
  /** Its signed messages have a time that is not now. */
  'clock-off',
  'outside-topics',
  'unproven',
  'revoked-heard',
  'alarm',
] as const;
export type PlantProblemKind = (typeof plantProblemKinds)[number];

export const plantProblemSchema = z.object({
  kind: z.enum(plantProblemKinds),
  /** Messages since the console listens; of alarms, those that are open. */
  count: z.number().int(),
  lastAt: timestampSchema,
  /** Of an alarm, what it says: text of the plant. Of a clock, by how much it is off. */
  words: z.string().nullable(),
});
export type PlantProblem = z.infer<typeof plantProblemSchema>;

export const fleetPlantSchema = z.object({
  plantId: plantIdSchema,
  name: z.string(),
  site: z.string().nullable(),
  status: plantStatusSchema,
  authMethod: authMethodSchema,
  state: z.enum(plantFleetStates),
  /** Whether a broker has a session of it, as far as they can tell. */
  connected: z.enum(['yes', 'no', 'unknown']),
  lastSeenAt: timestampSchema.nullable(),
  /** When a broker refused a login in its name, where that is the last that is known of it. */
  refusedAt: timestampSchema.nullable(),
  /** Silence for longer than this makes it stale. */
  staleAfterSeconds: z.number().int(),
  /** Messages a second. */
  rate: z.number(),
  /** Of its topics, the one that was heard last comes first. */
  lastTopics: z.array(z.string()),
  /** Messages whose signature nobody checked: more than the console checks in a second, or without the plant's secret. */
  unchecked: z.number().int(),
  credentialExpiresAt: timestampSchema.nullable(),
  /** Where it was heard last. */
  brokerId: z.string().nullable(),
  problems: z.array(plantProblemSchema),
});
export type FleetPlant = z.infer<typeof fleetPlantSchema>;

export const fleetBrokerSchema = z.object({
  brokerId: z.string(),
  name: z.string(),
  connection: monitorConnectionSchema,
  /** Messages of plants that are in no register, and of how many; the latter stops at a thousand. */
  unknown: z.object({ ids: z.number().int(), messages: z.number().int() }),
  /** Logins of late that the broker turned away without telling whose, as its log has them; null where there are none. */
  refusals: z
    .object({
      count: z.number().int(),
      lastAt: timestampSchema,
      /** Where they came from, as far as that is certain; the last one first. */
      addresses: z.array(z.string()),
    })
    .nullable(),
});
export type FleetBroker = z.infer<typeof fleetBrokerSchema>;

/** The fleet as it is at one moment. */
export const fleetSnapshotSchema = z.object({
  cutAt: timestampSchema,
  items: z.array(fleetPlantSchema),
  /** Plants that fit what was asked for. */
  total: z.number().int(),
  brokers: z.array(fleetBrokerSchema),
});
export type FleetSnapshot = z.infer<typeof fleetSnapshotSchema>;

/** Which plants are asked for. */
export const fleetQuerySchema = z.object({
  state: z.enum(plantFleetStates).optional(),
  /** Empty: plants without a site. */
  site: z.string().max(200).optional(),
  /** Part of a name, a site or an id. */
  query: z.string().max(200).optional(),
});
export type FleetQuery = z.infer<typeof fleetQuerySchema>;

/** The most plants in one frame; the others come with the next ones. */
export const maxFramePlants = 1000;

/** What changed since the frame before. */
export const fleetFrameSchema = z.object({
  /** By the console's clock, in Unix milliseconds. */
  cutAt: z.number(),
  /** Plants of the register; so many are known once all frames of the beginning have come. */
  total: z.number().int(),
  changed: z.array(fleetPlantSchema),
  gone: z.array(plantIdSchema),
  brokers: z.array(fleetBrokerSchema),
});
export type FleetFrame = z.infer<typeof fleetFrameSchema>;
