import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { fleetBrokerSchema, fleetFrameSchema } from '../model/fleet.ts';
import { passive, procedure } from './base.ts';

export const fleetContract = {
  /** Every plant of the register, then what changes, once a second at most, for as long as the caller listens. */
  watch: passive.output(eventIterator(fleetFrameSchema)),
  /** Has the console listen to all plants of every broker, as itself; what else is listened to goes on. */
  listen: procedure.output(z.array(fleetBrokerSchema)),
};
