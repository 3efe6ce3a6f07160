import { z } from 'zod';
import { timestampSchema } from '../model/plant.ts';
import { limitSchema, offsetSchema, passive } from './base.ts';

export const auditEntrySchema = z.object({
  sequence: z.number().int(),
  at: timestampSchema,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
});

export const auditContract = {
  list: passive
    .route({ method: 'GET', path: '/audit', tags: ['Audit'], summary: 'The hash-chained audit trail, newest first' })
    .input(z.object({ limit: limitSchema, offset: offsetSchema }))
    .output(
      z.object({
        items: z.array(auditEntrySchema),
        total: z.number().int(),
        /** Sequence of the first row that does not fit the chain, or null when the trail is whole. */
        firstBroken: z.number().int().nullable(),
      }),
    ),
};
