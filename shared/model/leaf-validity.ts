// From when and until when a certificate of a plant is good, as whoever issues it wishes.

import { z } from 'zod';
import { timestampSchema } from './plant.ts';

export const maxLeafDays = 36_500;

/**
 * notBefore: `authority` is the default, since PLCs boot with a clock in the past; a date is not before the authority's.
 * notAfter: with the authority; `none`, without a well-defined end (99991231235959Z, RFC 5280, 4.1.2.5), which the authority's own
 * end still ends in practice; or a date. `days` count from now. Both left out: 730 days, or what the authority has left.
 */
export const leafValiditySchema = z
  .object({
    notBefore: z.union([z.literal('authority'), timestampSchema]).optional(),
    notAfter: z.union([z.literal('authority'), z.literal('none'), timestampSchema]).optional(),
    days: z.number().int().min(1).max(maxLeafDays).optional(),
  })
  .refine(({ notAfter, days }) => notAfter === undefined || days === undefined, {
    path: ['days'],
    message: 'is given beside an end; give one of them',
  });
export type LeafValidity = z.infer<typeof leafValiditySchema>;

/** Whether an ISO date is the one that stands for no well-defined end. */
export const hasNoEnd = (notAfter: string): boolean => notAfter.startsWith('9999-12-31T23:59:59');
