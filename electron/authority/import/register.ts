import type { IndexEntry } from './index-file.ts';
import type { ImportedCertificate } from './issued-certificates.ts';
import type { ImportedAuthority } from './openssl-authority.ts';
import type { ImportedRevocation } from './revocations.ts';

/** A certificate that is known by its serial number only. */
export type RegisterEntry = {
  readonly serialNumber: string;
  readonly subject: string;
  readonly notAfter: Date;
  readonly revocation: ImportedRevocation | undefined;
};

/**
 * Everything that was issued or revoked and is not stored as a certificate: by the register's word, by the CRL's, or
 * because the console has no use for it (`others`).
 */
export function* buildRegister({
  certificate: authority,
  issued,
  others,
  unseen,
  revocations,
}: Pick<ImportedAuthority, 'certificate' | 'issued' | 'unseen' | 'revocations'> & {
  readonly others: readonly ImportedCertificate[];
}): Generator<undefined, RegisterEntry[], undefined> {
  const known = new Set(issued.map(({ certificate }) => certificate.serialNumber));
  const register: RegisterEntry[] = [];
  const add = ({ serialNumber, subject, notAfter }: Pick<IndexEntry, 'serialNumber' | 'subject' | 'notAfter'>) => {
    known.add(serialNumber);
    register.push({ serialNumber, subject, notAfter, revocation: revocations.get(serialNumber) });
  };
  for (const { certificate } of others) add(certificate);
  for (const entry of unseen) {
    add(entry);
    yield;
  }
  // Of these only the CRL knows: no certificate ends after its authority.
  for (const serialNumber of revocations.keys()) {
    if (!known.has(serialNumber)) add({ serialNumber, subject: '', notAfter: authority.notAfter });
    yield;
  }
  return register;
}
