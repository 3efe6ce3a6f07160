import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  monitorConnectionSchema,
  monitorFrameSchema,
  monitorMessageSchema,
  monitorStateSchema,
  topicLookSchema,
} from '../model/monitor.ts';
import { brokerIdParams, passive, procedure } from './base.ts';

/** Chosen by the window, for one watch at a time. */
const viewIdSchema = z.uuid();

export const monitorContract = {
  /** Connects with the console's own identity and subscribes to all plants. */
  connect: procedure.input(brokerIdParams).output(monitorConnectionSchema),
  disconnect: procedure.input(brokerIdParams).output(monitorConnectionSchema),
  /** The monitors there are, again whenever they changed, once a second at most. */
  states: passive.output(eventIterator(z.array(monitorStateSchema))),
  /** Frames of what is looked at, a few a second at most, for as long as the caller listens. */
  watch: passive
    .input(brokerIdParams.extend({ viewId: viewIdSchema, look: topicLookSchema }))
    .output(eventIterator(monitorFrameSchema)),
  /** Looks elsewhere with a watch that runs; does nothing when it has ended. */
  look: passive.input(z.object({ viewId: viewIdSchema, look: topicLookSchema })),
  /** The topic, or the way to the branch, that a row names, whole and as it was sent; null when there is none. */
  path: passive
    .input(brokerIdParams.extend({ nodeId: z.number().int().min(0) }))
    .output(z.object({ path: z.string() }).nullable()),
  message: passive
    .input(brokerIdParams.extend({ topic: z.string().max(65535) }))
    .output(monitorMessageSchema.nullable()),
};
