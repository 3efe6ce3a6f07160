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

const retainedParams = brokerIdParams.extend({ filter: retainedFilterSchema });

const tags = ['Publishing'];

/** Publishing goes over the session of the broker's monitor, which has to be connected, and as its identity. */
export const publishContract = {
  /** Refuses a retained command. */
  check: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/messages/check',
      tags,
      summary: 'What publishing a message would do, and the confirmation that it needs; publishes nothing',
    })
    .input(messageParams)
    .output(publishCheckSchema),
  send: procedure
    .route({ method: 'POST', path: '/brokers/{brokerId}/messages', tags, summary: 'Publish a message' })
    .input(messageParams.extend({ confirmation: confirmationSchema.optional() }))
    .output(publishOutcomeSchema),
  checkCommand: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/commands/check',
      tags,
      summary: 'What sending a command would do, and the confirmation that it needs; sends nothing',
    })
    .input(commandParams)
    .output(publishCheckSchema),
  /** Sends a command with a `cmdId`, the time and the plant's signature, and follows it until the plant acknowledges it. */
  command: procedure
    .input(
      commandParams.extend({
        confirmation: confirmationSchema.optional(),
        timeoutSeconds: z.number().int().min(1).max(600).default(15),
      }),
    )
    .output(eventIterator(commandProgressSchema)),
  /** The same for programs, which wait for the end. */
  runCommand: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/commands',
      tags,
      summary: 'Send a signed command, and wait until the plant acknowledges it or the time is over',
    })
    .input(
      commandParams.extend({
        confirmation: confirmationSchema.optional(),
        timeoutSeconds: z.number().int().min(1).max(60).default(15),
      }),
    )
    .output(z.object({ progress: z.array(commandProgressSchema) })),
  /** Asked with a short session of its own: what deleting would delete. */
  listRetained: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/retained/list',
      tags,
      summary: 'What the broker keeps under a filter, and the confirmation to delete exactly that; deletes nothing',
    })
    .input(retainedParams)
    .output(retainedListSchema),
  /** Looks afterwards whether it is gone. */
  deleteRetained: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/retained/delete',
      successStatus: 202,
      tags,
      summary: 'Delete the retained messages that were listed',
    })
    .input(retainedParams.extend({ confirmation: confirmationSchema }))
    .output(jobReference),
  /** Throws `publish/no-deletion`. */
  cancelDeletion: procedure
    .route({
      method: 'POST',
      path: '/retained-deletions/{jobId}/cancel',
      successStatus: 204,
      tags,
      summary: 'End a deletion where it is',
    })
    .input(jobReference),
  templates: passive
    .route({ method: 'GET', path: '/publish-templates', tags, summary: 'Saved messages, by name' })
    .output(z.array(publishTemplateSchema)),
  /** A new one; with an id, in the place of that one. Throws `publish/template-secret`. */
  saveTemplate: procedure
    .route({
      method: 'POST',
      path: '/publish-templates',
      tags,
      summary: 'Save a message under a name; with a templateId, in the place of that one',
    })
    .input(templateContentSchema.extend({ templateId: z.uuid().optional() }))
    .output(publishTemplateSchema),
  renameTemplate: procedure
    .route({ method: 'PATCH', path: '/publish-templates/{templateId}', tags, summary: 'Rename a saved message' })
    .input(templateIdParams.extend({ name: labelSchema }))
    .output(publishTemplateSchema),
  deleteTemplate: procedure
    .route({
      method: 'DELETE',
      path: '/publish-templates/{templateId}',
      successStatus: 204,
      tags,
      summary: 'Delete a saved message',
    })
    .input(templateIdParams),
};
