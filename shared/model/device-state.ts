// What is known to lie on a plant's device, beside what the vault holds for it.

import { z } from 'zod';
import { deploymentStateSchema } from './deployment-state.ts';
import { deviceFileSchema } from './device.ts';
import { plantIdSchema, timestampSchema } from './plant.ts';

export const deviceStateSchema = z.object({
  plantId: plantIdSchema,
  deployment: deploymentStateSchema,
  /** When the device last told; null when it never did. */
  seenAt: timestampSchema.nullable(),
  /** Which of the plant's credentials lies there. */
  credentialId: z.string().nullable(),
  files: z.array(deviceFileSchema),
  /** SHA-256 of the certificate that lies there, as the register of certificates writes it. */
  certificateFingerprint: z.string().nullable(),
  /** The device keeps a generation to go back to; it may be an empty one, from before the first deployment. */
  previousKept: z.boolean(),
  /** Which of the plant's credentials going back would put in force; null when it is none of them. */
  previousCredentialId: z.string().nullable(),
});
export type DeviceStateView = z.infer<typeof deviceStateSchema>;
