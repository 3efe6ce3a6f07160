import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { pastMonitorMessageSchema, topicHistorySchema, topicSeriesSchema } from '../model/message-history.ts';
import {
  asPlantSchema,
  monitorConnectionSchema,
  monitorFrameSchema,
  monitorMessageSchema,
  monitorStateSchema,
  monitorSummarySchema,
  topicLookSchema,
} from '../model/monitor.ts';
import { monitorSettingsSchema } from '../model/monitor-settings.ts';
import { brokerIdParams, passive, procedure } from './base.ts';

/** Chosen by the window, for one watch at a time. */
const viewIdSchema = z.uuid();

const topicParams = brokerIdParams.extend({ topic: z.string().max(65535) });
const messageIdSchema = z.number().int().min(0);

export const monitorContract = {
  /**
   * Connects as it was last told to for this broker; at first as the console, to all plants. What is named is changed
   * and remembered. Another setting than that which it runs with begins anew: what was kept is gone.
   */
  connect: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/monitor/connect',
      tags: ['Monitor'],
      summary: 'Listen to a broker; publishing goes over this session',
    })
    .input(brokerIdParams.extend(monitorSettingsSchema.partial().shape))
    .output(monitorConnectionSchema),
  settings: passive.input(brokerIdParams).output(monitorSettingsSchema.extend(asPlantSchema.shape)),
  /** The monitors there are, with what they keep and what they had to leave out. */
  list: passive.output(z.array(monitorSummarySchema)),
  disconnect: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/monitor/disconnect',
      tags: ['Monitor'],
      summary: 'End listening to a broker',
    })
    .input(brokerIdParams)
    .output(monitorConnectionSchema),
  /** The monitors there are, again whenever they changed, once a second at most. */
  states: passive.output(eventIterator(z.array(monitorStateSchema.extend(asPlantSchema.shape)))),
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
  message: passive.input(topicParams).output(monitorMessageSchema.nullable()),
  /** Earlier messages of a topic, newest first, each with the beginning of its payload; they are kept within the budget. */
  history: passive
    .input(
      topicParams.extend({
        before: messageIdSchema.optional(),
        limit: z.number().int().min(1).max(1000).default(100),
        payloadBytes: z.number().int().min(0).max(262_144).default(4096),
      }),
    )
    .output(topicHistorySchema),
  /** One of them as far as it is kept, its signature checked; null when it had to make room. */
  pastMessage: passive
    .input(topicParams.extend({ messageId: messageIdSchema }))
    .output(pastMonitorMessageSchema.nullable()),
  /** Numbers of a topic's earlier messages over time, of the newest `limit` that came after the message `after`. */
  series: passive
    .input(
      topicParams.extend({
        paths: z.array(z.string().max(1000)).min(1).max(16),
        limit: z.number().int().min(1).max(50_000).default(10_000),
        after: z.number().int().min(-1).default(-1),
      }),
    )
    .output(topicSeriesSchema),
};
