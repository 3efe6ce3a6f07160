import { defaultCrlDays } from '../../shared/model/certificate.ts';
import { encodeRevokedCertificates, type RevokedCertificate } from './crl-entries.ts';
import { explicit, sequence, smallInteger, time } from './der.ts';
import { crlNumber, extensionList } from './extensions.ts';
import { type AuthorityFiles, type Issuer, issuerOf } from './issuer.ts';
import { toLongPem } from './pem.ts';
import { crlBeginning, daysAfter } from './validity.ts';

export type Crl = {
  /** Labelled `X509 CRL`. */
  readonly crlPem: string;
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
};

const version2 = smallInteger(1);

/**
 * A CertificateList of version 2 (RFC 5280, section 5) with AuthorityKeyIdentifier and CRLNumber.
 * `number` must be greater than that of every CRL before. Throws `authority/invalid-validity` for a bad `nextUpdateDays`.
 */
export async function buildCrl(options: {
  readonly authority: AuthorityFiles | Issuer;
  readonly entries: readonly RevokedCertificate[];
  readonly number: bigint;
  readonly now: Date;
  /** Of the CRL before: none says that it is older than that one. */
  readonly lastThisUpdate?: Date | undefined;
  /**
   * After nextUpdate a broker refuses every client of the authority, so it must outlast the longest gap between two
   * visits to a plant. A revocation publishes a new CRL at once anyway.
   */
  readonly nextUpdateDays?: number;
}): Promise<Crl> {
  const { entries, number, now } = options;
  const authority = issuerOf(options.authority);
  const thisUpdate = crlBeginning(now, options.lastThisUpdate);
  const nextUpdate = daysAfter(now, options.nextUpdateDays ?? defaultCrlDays);
  const der = await authority.signer.signed(
    sequence(
      version2,
      authority.signer.algorithmIdentifier,
      authority.name,
      time(thisUpdate),
      time(nextUpdate),
      // RFC 5280, 5.1.2.6: absent, not empty, when nothing is revoked
      ...(entries.length > 0 ? await encodeRevokedCertificates(entries) : []),
      explicit(0, extensionList([authority.authorityKeyIdentifier, crlNumber(number)])),
    ),
  );
  return {
    crlPem: await toLongPem('X509 CRL', der),
    number,
    thisUpdate,
    nextUpdate,
  };
}
