// Bringing credentials onto devices, looking at what lies there, and going back.

import { z } from 'zod';
import { deviceStateSchema } from '../model/device-state.ts';
import { plantIdSchema, timestampSchema } from '../model/plant.ts';
import { overrulableCheckSchema, preflightCheckSchema } from '../model/preflight.ts';
import { jobReference, passive, plantIdParams, procedure } from './base.ts';

const tags = ['Devices'];

/** Waits for a session over the new credential before the old one is retired. */
const verifySchema = z.object({
  seconds: z.number().int().min(1).max(3600).default(60),
  /** When none was seen in time. */
  otherwise: z.enum(['keep', 'rollBack']).default('keep'),
  /** Left out: wherever the plant is heard. */
  brokerId: z.uuid().optional(),
});

/** Procedures of the capability `plants`. */
export const deploymentProcedures = {
  preflight: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/preflight',
      tags,
      summary: 'Look at the device as a deployment would; ends one that was cut off there',
    })
    .input(plantIdParams)
    .output(z.array(preflightCheckSchema)),
  setDeviceClock: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/device-clock',
      tags,
      summary: "Set the device's clock by this console's",
    })
    .input(plantIdParams)
    .output(z.object({ deviceClock: timestampSchema })),
  deploy: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/deploy',
      successStatus: 202,
      tags: ['Plants'],
      summary: 'Bring the issued credential onto the device',
    })
    .input(
      plantIdParams.extend({
        verify: verifySchema.optional(),
        /** Refusals of the preflight that the operator takes upon himself. */
        overrule: z.array(overrulableCheckSchema).default([]),
      }),
    )
    .output(jobReference),
  rollBackDevice: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/roll-back-device',
      successStatus: 202,
      tags,
      summary: 'Put the previous files back on the device',
    })
    .input(plantIdParams.extend({ evenIfRetired: z.boolean().default(false) }))
    .output(jobReference),
  deviceState: passive
    .route({
      method: 'GET',
      path: '/plants/{plantId}/device-state',
      tags,
      summary: 'What the device was last seen to hold',
    })
    .input(plantIdParams)
    .output(deviceStateSchema),
};

export const devicesContract = {
  scan: procedure
    .route({
      method: 'POST',
      path: '/devices/scan',
      successStatus: 202,
      tags,
      summary: 'Read again what lies on these plants’ devices, or on all',
    })
    .input(z.object({ plantIds: z.array(plantIdSchema).min(1).max(10_000).optional() }))
    .output(jobReference),
};
