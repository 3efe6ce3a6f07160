import { z } from 'zod';
import {
  practiceDeviceSchema,
  practicePlantSchema,
  practiceTokenInputSchema,
  practiceTokenSchema,
} from '../model/practice.ts';
import { jobReference, passive, plantIdParams, procedure } from './base.ts';

export const practiceContract = {
  get: passive.output(practicePlantSchema),
  /**
   * One click: an authority if there is none, a practice broker, three plants (one per auth method) with a device each;
   * everything provisioned, deployed, pushed and publishing.
   */
  start: procedure.output(jobReference),
  /** Stops broker, devices and PLCs; the register keeps its plants. */
  stop: procedure.output(practicePlantSchema),
  /**
   * Has the practice broker ask the policy for every connect, subscribe, publish and delivery, of everybody but the console.
   * Clients log in with a token then, as password (the token's subject is the username then) or as username; those that have none are cut off.
   */
  askPolicy: procedure.input(z.object({ enabled: z.boolean() })).output(practicePlantSchema),
  /** A token for trying rules out; it opens nothing but the practice broker, and only as long as this console runs. */
  issuePolicyToken: procedure.input(practiceTokenInputSchema).output(practiceTokenSchema),
  /** Starts a built-in device for a plant, and enters it as the plant's device with its host key confirmed. */
  addDevice: procedure.input(plantIdParams).output(practiceDeviceSchema),
  /** (Re)starts the PLC program on a built-in device with the credential that is on it now; answers when it is in, or was refused. */
  startPlc: procedure.input(plantIdParams).output(practiceDeviceSchema),
  /** Lets the PLC of one plant listen on any topic for a moment: what it hears shows whether the broker keeps plants apart. */
  eavesdrop: procedure
    .input(
      plantIdParams.extend({ topic: z.string().min(1).max(1000), milliseconds: z.number().int().min(100).max(10_000) }),
    )
    .output(z.object({ messageCount: z.number().int() })),
};
