import { z } from 'zod';

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
