import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { monitorConnectionSchema, monitorFrameSchema, monitorMessageSchema } from '../model/monitor.ts';
import { brokerIdParams, passive, procedure } from './base.ts';

export const monitorContract = {
  /** Connects with the console's own identity and subscribes to all plants. */
  connect: procedure.input(brokerIdParams).output(monitorConnectionSchema),
  disconnect: procedure.input(brokerIdParams).output(monitorConnectionSchema),
  /** Frames of changes, a few a second at most, for as long as the caller listens. */
  watch: passive.input(brokerIdParams).output(eventIterator(monitorFrameSchema)),
  message: passive
    .input(brokerIdParams.extend({ topic: z.string().max(65535) }))
    .output(monitorMessageSchema.nullable()),
};
