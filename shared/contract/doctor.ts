// The connection doctor: why a client does not get through to its broker.

import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { connectionSchema, diagnosisPermissionsSchema, diagnosisSchema } from '../model/doctor.ts';
import { passive, plantIdParams, procedure } from './base.ts';

const tags = ['Doctor'];
const diagnosisReference = z.object({ diagnosisId: z.string() });

export const doctorContract = {
  diagnosePlant: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/diagnose',
      successStatus: 202,
      tags,
      summary: "Walk the way of a plant's connection with its own credential",
    })
    .input(plantIdParams.extend(diagnosisPermissionsSchema.shape))
    .output(diagnosisReference),
  diagnose: procedure
    .route({
      method: 'POST',
      path: '/diagnoses',
      successStatus: 202,
      tags,
      summary: 'Walk the way of a connection by these parameters',
    })
    .input(z.object({ connection: connectionSchema }).extend(diagnosisPermissionsSchema.shape))
    .output(diagnosisReference),
  get: passive
    .route({
      method: 'GET',
      path: '/diagnoses/{diagnosisId}',
      tags,
      summary: 'How far a diagnosis has come, and what it has found',
    })
    .input(diagnosisReference)
    .output(diagnosisSchema),
  /** The diagnosis now, and again at every step until it has finished. */
  watch: passive.input(diagnosisReference).output(eventIterator(diagnosisSchema)),
};
