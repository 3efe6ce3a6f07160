import type { RevocationReason } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { OperationContext } from './context.ts';

/** What a revocation says of itself in the CRL. */
export type RevocationWords = {
  readonly reason: RevocationReason;
  /** ISO 8601: since when the key must be taken for lost, where that is known. */
  readonly invalidityDate?: string | undefined;
};

/** Throws `input/invalid` for a key that will be lost some day. */
export function refuseDayToCome({ clock }: OperationContext, invalidityDate: string | undefined): void {
  if (invalidityDate === undefined || Date.parse(invalidityDate) <= clock.now().getTime()) return;
  throw new ConsoleError('input/invalid', {
    fields: [{ field: 'invalidityDate', message: 'must not lie in the future' }],
  });
}
