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
  devices: z.array(practiceDeviceSchema),
});
export type PracticePlant = z.infer<typeof practicePlantSchema>;
