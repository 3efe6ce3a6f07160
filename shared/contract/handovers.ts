// What was commissioned, given to whoever owns the plant: signed, and verified with openssl alone.

import { z } from 'zod';
import {
  handoverChoiceSchema,
  handoverPreviewSchema,
  handoverRemarkTextSchema,
  handoverSchema,
  maxHandoverRecordings,
} from '../model/handover.ts';
import { labelSchema } from '../model/plant.ts';
import { passive, procedure } from './base.ts';

const tags = ['Handover'];

const wishes = z.object({
  plants: handoverChoiceSchema.default({ kind: 'all' }),
  recordingIds: z.array(z.uuid()).max(maxHandoverRecordings).default([]),
});

export const handoversContract = {
  /** The screen asks by itself, whenever the register changes. */
  preview: passive
    .route({
      method: 'POST',
      path: '/handovers/preview',
      tags,
      summary: 'What a record would be about, and what it would warn of; makes nothing',
    })
    .input(wishes.prefault({}))
    .output(handoverPreviewSchema),
  make: procedure
    .route({
      method: 'POST',
      path: '/handovers',
      successStatus: 201,
      tags,
      summary: 'Make and sign the record of what was commissioned; `GET /handovers/{number}/file` has its archive',
    })
    .input(
      wishes.extend({
        /** Puts the files of the recordings into the archive, not only their names and SHA-256. */
        withRecordings: z.boolean().default(false),
        by: labelSchema,
        to: labelSchema,
        remark: handoverRemarkTextSchema.default(''),
      }),
    )
    .output(handoverSchema),
  list: passive
    .route({ method: 'GET', path: '/handovers', tags, summary: 'Every record that was made, newest first' })
    .output(z.array(handoverSchema)),
  file: procedure
    .route({
      method: 'GET',
      path: '/handovers/{number}/file',
      tags,
      summary: 'The archive of a record as it was given (tar)',
    })
    .input(
      z.object({
        number: z.coerce.number().int().min(1),
        /** no: leaves the files of recordings out, which may be gone from the console by now. */
        recordings: z.enum(['yes', 'no']).default('yes'),
      }),
    )
    .output(z.file()),
};
