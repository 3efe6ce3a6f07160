import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { passive, procedure } from './base.ts';

/** Parts of the register that a screen may show; an event names the one that changed, and the screen asks again. */
export const changeTopics = [
  'vault',
  'alerts',
  'authority',
  'plants',
  'brokers',
  'devices',
  'practice',
  'jobs',
  'campaigns',
  'policy',
  'recordings',
  'handovers',
] as const;

export const systemContract = {
  health: passive
    .route({ method: 'GET', path: '/health', tags: ['System'], summary: 'Up, without a token and without saying more' })
    .output(z.object({ status: z.literal('ok') })),
  about: passive.output(
    z.object({ version: z.string(), host: z.enum(['desktop', 'loopback', 'memory']), dataDirectory: z.string() }),
  ),
  /** Somebody moved, typed or clicked in a window. Sent now and then; the call itself is the message. */
  present: procedure.output(z.undefined()),
  watch: passive.output(eventIterator(z.object({ changed: z.enum(changeTopics) }))),
};
