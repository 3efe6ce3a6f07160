import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { fleetBrokerSchema, fleetFrameSchema, fleetQuerySchema, fleetSnapshotSchema } from '../model/fleet.ts';
import { limitSchema, offsetSchema, passive, procedure } from './base.ts';

export const fleetContract = {
  get: passive
    .route({
      method: 'GET',
      path: '/fleet',
      tags: ['Fleet'],
      summary: 'How every plant is now: its state, when it was heard last, and what is wrong with its messages',
    })
    .input(fleetQuerySchema.extend({ limit: limitSchema, offset: offsetSchema }))
    .output(fleetSnapshotSchema),
  /** Every plant of the register, then what changes, once a second at most, for as long as the caller listens. */
  watch: passive.output(eventIterator(fleetFrameSchema)),
  /** Has the console listen to all plants of every broker, as itself; what else is listened to goes on. */
  listen: procedure.output(z.array(fleetBrokerSchema)),
};
