import { z } from 'zod';
import { authorityDefaults, authorityKeyAlgorithmSchema } from '../model/certificate.ts';
import { plantIdSchema } from '../model/plant.ts';
import { rolloverSchema } from '../model/rollover.ts';
import { jobReference, passive, procedure } from './base.ts';

const tags = ['Change of authority'];

/** Do it although somebody is locked out by it. */
const insist = z.boolean().default(false);

export const rolloverContract = {
  get: passive
    .route({
      method: 'GET',
      path: '/authority/rollover',
      tags,
      summary: 'The authorities of this vault, where a change of authority stands, and who still holds something old',
    })
    .output(rolloverSchema),
  start: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover',
      successStatus: 201,
      tags,
      summary: 'Make the next authority beside the present one; in an emergency it issues at once',
    })
    .input(
      z
        .object({
          /** Left out: the name of the present one, with the next number. */
          subject: z.string().trim().min(1).max(500).optional(),
          /** Left out: as the present one. */
          keyAlgorithm: authorityKeyAlgorithmSchema.optional(),
          validityDays: z.number().int().min(1).max(36500).default(authorityDefaults.validityDays),
          /** The key of the present one is lost, or may be in other hands. */
          emergency: z.boolean().default(false),
        })
        .prefault({}),
    )
    .output(rolloverSchema),
  bringTrust: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover/trust',
      successStatus: 202,
      tags,
      summary: 'Bring the new CA file to every plant that the console can reach; nothing else of theirs changes',
    })
    .output(jobReference),
  confirmTrust: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover/trust/confirm',
      tags,
      summary: "The operator's word that these plants have the new CA file",
    })
    .input(z.object({ plantIds: z.array(plantIdSchema).min(1).max(10_000) }))
    .output(rolloverSchema),
  issue: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover/issue',
      tags,
      summary:
        'Issue by the next authority from now on; 409 while a broker or plant does not trust it, unless insisted on',
    })
    .input(z.object({ insist }).prefault({}))
    .output(rolloverSchema),
  renewPlants: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover/renew',
      successStatus: 202,
      tags,
      summary:
        'Issue to all plants that hold a certificate by an old authority, and in an emergency to those with passwords and tokens, beside what is in force',
    })
    .output(jobReference),
  retire: procedure
    .route({
      method: 'POST',
      path: '/authority/rollover/retire',
      tags,
      summary: 'Trust an old authority no more, or give the next one up; 409 while it is needed, unless insisted on',
    })
    .input(z.object({ authorityId: z.string().min(1).max(100), insist }))
    .output(rolloverSchema),
};
