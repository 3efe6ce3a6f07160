// What is known to lie on a plant's device, beside what the vault holds for it.

import { z } from 'zod';
import { deviceFileSchema } from './device.ts';
import { plantIdSchema, timestampSchema } from './plant.ts';

/**
 * - unknown: nobody has looked, or something began there whose end is not known.
 * - inVault: the newest credential waits in the vault; the device holds none of this plant's, or an earlier one.
 * - onDevice: the device holds a credential of this plant that has not proved itself, or is not the newest any more.
 * - matched: the device holds the very credential that is in force.
 * - lost: the device once held a credential and holds none now, as after a factory reset.
 * - foreign: the device holds files that this console did not issue to this plant.
 */
export const deploymentStates = ['unknown', 'inVault', 'onDevice', 'matched', 'lost', 'foreign'] as const;
export const deploymentStateSchema = z.enum(deploymentStates);
export type DeploymentState = z.infer<typeof deploymentStateSchema>;

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
