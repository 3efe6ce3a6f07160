import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { labelSchema } from '../model/plant.ts';
import {
  commandProgressSchema,
  outgoingMessageSchema,
  plantCommandSchema,
  publishCheckSchema,
  publishOutcomeSchema,
  publishTemplateSchema,
  retainedFilterSchema,
  retainedListSchema,
  templateContentSchema,
} from '../model/publish.ts';
import { brokerIdParams, jobReference, passive, procedure } from './base.ts';

/** From `check`, `checkCommand` or `listRetained`; asked for where a live plant is reached. */
const confirmationSchema = z.string().max(64);
const templateIdParams = z.object({ templateId: z.uuid() });
const messageParams = brokerIdParams.extend({ message: outgoingMessageSchema });
const commandParams = brokerIdParams.extend({ command: plantCommandSchema });

/** Publishing goes over the session of the broker's monitor, which has to be connected, and as its identity. */
export const publishContract = {
  /** Says what publishing this would do, and does nothing. Refuses a retained command. */
  check: procedure.input(messageParams).output(publishCheckSchema),
  send: procedure
    .input(messageParams.extend({ confirmation: confirmationSchema.optional() }))
    .output(publishOutcomeSchema),
  checkCommand: procedure.input(commandParams).output(publishCheckSchema),
  /** Sends a command with a `cmdId`, the time and the plant's signature, and follows it until the plant acknowledges it. */
  command: procedure
    .input(
      commandParams.extend({
        confirmation: confirmationSchema.optional(),
        timeoutSeconds: z.number().int().min(1).max(600).default(15),
      }),
    )
    .output(eventIterator(commandProgressSchema)),
  /** What the broker keeps under the filter, asked with a short session of its own: what deleting would delete. */
  listRetained: procedure.input(brokerIdParams.extend({ filter: retainedFilterSchema })).output(retainedListSchema),
  /** Deletes what `listRetained` listed, and looks afterwards whether it is gone. */
  deleteRetained: procedure
    .input(brokerIdParams.extend({ filter: retainedFilterSchema, confirmation: confirmationSchema }))
    .output(jobReference),
  templates: passive.output(z.array(publishTemplateSchema)),
  /** A new one; with an id, in the place of that one. */
  saveTemplate: procedure
    .input(templateContentSchema.extend({ templateId: z.uuid().optional() }))
    .output(publishTemplateSchema),
  renameTemplate: procedure.input(templateIdParams.extend({ name: labelSchema })).output(publishTemplateSchema),
  deleteTemplate: procedure.input(templateIdParams),
};
