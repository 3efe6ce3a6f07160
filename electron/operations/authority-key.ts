// The key of an authority lies sealed in its row. Where it is gone, does not open or is not that of the certificate, all
// else may still be whole: plants, their credentials and the CRL that was last signed go on until they end. What cannot go
// on is whatever needs a signature, and that is said in one way everywhere, before anything is stored.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import { Issuer } from '../authority/issuer.ts';
import { fromPem } from '../authority/pem.ts';
import { readCertificateStructure } from '../authority/structure.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { OperationContext } from './context.ts';

/** Some 10 ms to read. */
const certificatesAtOnce = 200;

type SignedBy = Pick<AuthorityRow, 'authorityId' | 'certificatePem' | 'subject'>;

/** Ready to sign. Throws `authority/key-missing`. */
export function signingIssuer({ vault }: OperationContext, { authorityId, certificatePem, subject }: SignedBy): Issuer {
  const privateKeyPem = vault.authorities.privateKeyPem(authorityId);
  try {
    return new Issuer({ certificatePem, privateKeyPem });
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'authority/invalid-material')) throw error;
    throw new ConsoleError('authority/key-missing', { because: subject });
  }
}

export function hasKey(context: OperationContext, authority: SignedBy): boolean {
  try {
    signingIssuer(context, authority);
    return true;
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'authority/key-missing') return false;
    throw error;
  }
}

/** Whether the authority that issued is not in the vault any more, its certificate gone with its key. */
export function isAuthorityLost({ vault }: OperationContext): boolean {
  // An authority that is being imported is the next one until its last certificate is stored.
  const isThere = vault.authorities.list().some(({ state }) => state === 'current' || state === 'next');
  return !isThere && vault.certificates.list({ limit: 1 }).total > 0;
}

/** The names of authorities that are lost, encoded, by the certificates that they issued. */
export async function lostSubjects({ vault }: OperationContext): Promise<Buffer[]> {
  const seen = new Set(vault.authorities.list().map(({ authorityId }) => authorityId));
  const subjects: Buffer[] = [];
  for (let offset = 0, isFull = true; isFull; offset += certificatesAtOnce) {
    const { items } = vault.certificates.list({ limit: certificatesAtOnce, offset });
    for (const { authorityId, certificatePem } of items) {
      if (seen.has(authorityId)) continue;
      seen.add(authorityId);
      subjects.push(readCertificateStructure(fromPem('CERTIFICATE', certificatePem)).issuer.der);
    }
    isFull = items.length === certificatesAtOnce;
    await nextTurn();
  }
  return subjects;
}
