import { z } from 'zod';
import { authMethodSchema, plantIdSchema, timestampSchema } from './plant.ts';

/** One built-in device: an SSH server with a file system of its own, and the PLC program that runs on it. */
export const practiceDeviceSchema = z.object({
  plantId: plantIdSchema,
  name: z.string(),
  authMethod: authMethodSchema,
  host: z.string(),
  port: z.number().int(),
  plc: z.object({
    state: z.enum(['stopped', 'connecting', 'connected', 'refused', 'disconnected']),
    reason: z.string().nullable(),
    publishedCount: z.number().int(),
    lastPublishedAt: timestampSchema.nullable(),
  }),
});
export type PracticeDevice = z.infer<typeof practiceDeviceSchema>;

export const practicePlantSchema = z.object({
  running: z.boolean(),
  brokerId: z.string().nullable(),
  /** The broker asks the policy, and not its files, who may do what. */
  asksPolicy: z.boolean(),
  devices: z.array(practiceDeviceSchema),
});
export type PracticePlant = z.infer<typeof practicePlantSchema>;

const names = z.array(z.string().min(1).max(200)).max(100).default([]);

/** Whom a token for the practice broker speaks for. */
export const practiceTokenInputSchema = z.object({
  id: z.string().min(1).max(200),
  groups: names,
  scopes: names,
  minutes: z.number().int().min(1).max(1440).default(60),
});
export type PracticeTokenInput = z.infer<typeof practiceTokenInputSchema>;

export const practiceTokenSchema = z.object({ token: z.string(), expiresAt: timestampSchema });
export type PracticeToken = z.infer<typeof practiceTokenSchema>;
