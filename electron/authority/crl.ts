import { setImmediate } from 'node:timers/promises';
import { defaultCrlDays, type RevocationReason } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { explicit, sequence, smallInteger, time, unsignedInteger } from './der.ts';
import { crlNumber, extensionList, invalidityDate, reasonCode } from './extensions.ts';
import { type AuthorityFiles, type Issuer, issuerOf } from './issuer.ts';
import { toPem } from './pem.ts';
import { beforeAllowance, daysAfter } from './validity.ts';

export type RevokedCertificate = {
  /** Hex. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  /** Since when the key must be taken for lost, where that is known. */
  readonly invalidityDate?: Date | null;
};

export type Crl = {
  /** Labelled `X509 CRL`. */
  readonly crlPem: string;
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
};

/** CRLReason of RFC 5280, 5.3.1; `unspecified` is left out of a CRL, as that section asks. */
const reasonExtensions: Readonly<Record<Exclude<RevocationReason, 'unspecified'>, Buffer>> = {
  keyCompromise: reasonCode(1),
  cACompromise: reasonCode(2),
  affiliationChanged: reasonCode(3),
  superseded: reasonCode(4),
  cessationOfOperation: reasonCode(5),
  certificateHold: reasonCode(6),
  privilegeWithdrawn: reasonCode(9),
  aACompromise: reasonCode(10),
};

const version2 = smallInteger(1);

/**
 * A CertificateList of version 2 (RFC 5280, section 5) with AuthorityKeyIdentifier and CRLNumber.
 * `number` must be greater than that of every CRL before. Throws `authority/invalid-validity` for a bad `nextUpdateDays`.
 */
export async function buildCrl(options: {
  readonly authority: AuthorityFiles | Issuer;
  readonly entries: readonly RevokedCertificate[];
  readonly number: number;
  readonly now: Date;
  /**
   * After nextUpdate a broker refuses every client of the authority, so it must outlast the longest gap between two
   * visits to a plant. A revocation publishes a new CRL at once anyway.
   */
  readonly nextUpdateDays?: number;
}): Promise<Crl> {
  const { entries, number, now } = options;
  const authority = issuerOf(options.authority);
  const thisUpdate = beforeAllowance(now);
  const nextUpdate = daysAfter(now, options.nextUpdateDays ?? defaultCrlDays);
  const der = await authority.signer.signed(
    sequence(
      version2,
      authority.signer.algorithmIdentifier,
      authority.name,
      time(thisUpdate),
      time(nextUpdate),
      // RFC 5280, 5.1.2.6: absent, not empty, when nothing is revoked
      ...(entries.length > 0 ? [sequence(Buffer.concat(await encodeEntries(entries)))] : []),
      explicit(0, extensionList([authority.authorityKeyIdentifier, crlNumber(number)])),
    ),
  );
  return {
    crlPem: toPem('X509 CRL', der),
    number,
    thisUpdate,
    nextUpdate,
  };
}

/** Lets the event loop turn now and then: a CRL grows as long as its authority lives. */
async function encodeEntries(entries: readonly RevokedCertificate[]): Promise<Buffer[]> {
  const encoded: Buffer[] = [];
  for (const entry of entries) {
    encoded.push(encodeEntry(entry));
    if (encoded.length % 1000 === 0) await setImmediate();
  }
  return encoded;
}

function encodeEntry({ serialNumber, revokedAt, reason, invalidityDate: since }: RevokedCertificate): Buffer {
  // Buffer.from would cut the number at the first wrong digit, and revoke another certificate.
  if (!/^([0-9a-f]{2})+$/i.test(serialNumber)) {
    throw new ConsoleError('authority/invalid-material', { because: 'a serial number that is no hex' });
  }
  const extensions = [
    ...(reason === 'unspecified' ? [] : [reasonExtensions[reason]]),
    ...(since ? [invalidityDate(since)] : []),
  ];
  return sequence(
    unsignedInteger(Buffer.from(serialNumber, 'hex')),
    time(revokedAt),
    ...(extensions.length > 0 ? [extensionList(extensions)] : []),
  );
}
