import { z } from 'zod';
import { plantIdSchema, timestampSchema } from './plant.ts';

/**
 * What ends some day. `crl`: the list that a broker got with its last push, or the authority's newest where none was
 * pushed. `registered`: certificates of an adopted authority that are known by their serial number only, a row a day.
 * `tokenKey`: it does not end by itself; its day is the one on which it should be changed.
 */
export const expiryKinds = [
  'authority',
  'crl',
  'broker',
  'device',
  'console',
  'registered',
  'token',
  'tokenKey',
] as const;
export const expiryKindSchema = z.enum(expiryKinds);
export type ExpiryKind = z.infer<typeof expiryKindSchema>;

export const expirySchema = z.object({
  /** Stable: the same thing has the same id the next time, so that a calendar does not show it twice. */
  expiryId: z.string(),
  kind: expiryKindSchema,
  /** A plant's or broker's name, or what it is. */
  name: z.string(),
  site: z.string().nullable(),
  plantId: plantIdSchema.nullable(),
  brokerId: z.string().nullable(),
  startedAt: timestampSchema,
  endsAt: timestampSchema,
  /** Somebody loses their connection when it ends. */
  isOutage: z.boolean(),
});
export type Expiry = z.infer<typeof expirySchema>;

/** What happens when it ends, and what to do before. */
export function expiryAdvice({ kind }: Pick<Expiry, 'kind'>): string {
  switch (kind) {
    case 'authority':
      return 'Every certificate ends with it: plants and brokers no longer trust each other. Roll the authority over before.';
    case 'crl':
      return 'The broker refuses every certificate from then on. Renew the revocation list and push.';
    case 'broker':
      return 'No client trusts the broker any more. Push: it gets a new certificate.';
    case 'device':
      return 'The broker refuses the plant from then on. Rotate its credential.';
    case 'console':
      return 'The console renews it by itself when it next connects.';
    case 'registered':
      return 'The console has no copy of it. If somebody still uses it, they lose their connection: issue them a new one.';
    case 'token':
      return 'The broker refuses the token from then on. The plant must fetch the next one.';
    case 'tokenKey':
      return 'It is old enough to be changed. Roll the token key over.';
  }
}
