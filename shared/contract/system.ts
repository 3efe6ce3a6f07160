import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './base.ts';

/** Parts of the register that a screen may show; an event names the one that changed, and the screen asks again. */
export const changeTopics = ['vault', 'authority', 'plants', 'brokers', 'devices', 'practice', 'jobs'] as const;

export const systemContract = {
  health: procedure
    .route({ method: 'GET', path: '/health', tags: ['System'], summary: 'Up, without a token and without saying more' })
    .output(z.object({ status: z.literal('ok') })),
  about: procedure.output(
    z.object({ version: z.string(), host: z.enum(['desktop', 'loopback', 'memory']), dataDirectory: z.string() }),
  ),
  watch: procedure.output(eventIterator(z.object({ changed: z.enum(changeTopics) }))),
};
