// The entries of a CRL, written straight into one buffer: a CRL grows as long as its authority lives, and a hundred
// thousand entries of a few small buffers each would take more memory than all else in the console.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { header, tag } from './der.ts';
import { extensionList, invalidityDate, reasonCode } from './extensions.ts';

export type RevokedCertificate = {
  /** Hex. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  /** Since when the key must be taken for lost, where that is known. */
  readonly invalidityDate?: Date | null;
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

const entriesAtOnce = 2000;
/** With a serial number of 16 octets and a reason; the buffer grows where entries are longer. */
const expectedLength = 64;

/**
 * `revokedCertificates` in two parts, so that the long one is not copied for the short one before it. The event loop turns
 * now and then. Throws `authority/invalid-material`.
 */
export async function encodeRevokedCertificates(
  entries: readonly RevokedCertificate[],
): Promise<readonly [header: Buffer, entries: Buffer]> {
  const writer = new EntryWriter(entries.length * expectedLength);
  for (const [index, entry] of entries.entries()) {
    writer.write(entry);
    if (index % entriesAtOnce === entriesAtOnce - 1) await nextTurn();
  }
  const written = writer.written();
  return [header(tag.sequence, written.length), written];
}

class EntryWriter {
  #buffer: Buffer;
  #length = 0;
  readonly #extensions = new Map<RevocationReason, Buffer>();

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(size);
  }

  written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** `SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL }` */
  write({ serialNumber, revokedAt, reason, invalidityDate: since }: RevokedCertificate): void {
    const digits = significantDigits(serialNumber);
    const signOctets = digits.charAt(0) >= '8' ? 1 : 0;
    const serialLength = signOctets + digits.length / 2;
    const isUtcTime = revokedAt.getUTCFullYear() < 2050;
    const timeLength = isUtcTime ? 13 : 15;
    const extensions = since ? encodeExtensions(reason, since) : this.#extensionsFor(reason);
    const contentLength = 2 + serialLength + 2 + timeLength + extensions.length;
    this.#reserve(contentLength + 3);
    this.#octet(tag.sequence);
    if (contentLength >= 0x80) this.#octet(0x81);
    this.#octet(contentLength);
    this.#octet(tag.integer);
    this.#octet(serialLength);
    if (signOctets > 0) this.#octet(0);
    this.#length += this.#buffer.write(digits, this.#length, 'hex');
    this.#octet(isUtcTime ? tag.utcTime : tag.generalizedTime);
    this.#octet(timeLength);
    this.#time(revokedAt, isUtcTime);
    this.#length += extensions.copy(this.#buffer, this.#length);
  }

  #octet(value: number): void {
    this.#buffer[this.#length++] = value;
  }

  /** By hand: a text for each date would cost more than all the rest. */
  #time(date: Date, isUtcTime: boolean): void {
    const year = date.getUTCFullYear();
    if (!isUtcTime) this.#twoDigits(Math.floor(year / 100));
    this.#twoDigits(year % 100);
    this.#twoDigits(date.getUTCMonth() + 1);
    this.#twoDigits(date.getUTCDate());
    this.#twoDigits(date.getUTCHours());
    this.#twoDigits(date.getUTCMinutes());
    this.#twoDigits(date.getUTCSeconds());
    this.#octet(0x5a); // Z
  }

  #twoDigits(value: number): void {
    this.#octet(0x30 + Math.floor(value / 10));
    this.#octet(0x30 + (value % 10));
  }

  #extensionsFor(reason: RevocationReason): Buffer {
    const known = this.#extensions.get(reason);
    if (known) return known;
    const encoded = encodeExtensions(reason);
    this.#extensions.set(reason, encoded);
    return encoded;
  }

  #reserve(octets: number): void {
    const needed = this.#length + octets;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Nothing at all without an extension. At most some 50 octets. */
function encodeExtensions(reason: RevocationReason, since?: Date): Buffer {
  const extensions = [
    ...(reason === 'unspecified' ? [] : [reasonExtensions[reason]]),
    ...(since ? [invalidityDate(since)] : []),
  ];
  return extensions.length > 0 ? extensionList(extensions) : Buffer.alloc(0);
}

/** Whole octets without leading zeros. Reading would stop at the first wrong digit, and revoke another certificate. */
function significantDigits(serialNumber: string): string {
  const digits = serialNumber.startsWith('00') ? serialNumber.replace(/^(?:00)+(?=..)/, '') : serialNumber;
  if (!/^(?:[0-9a-f]{2}){1,20}$/i.test(digits)) {
    throw new ConsoleError('authority/invalid-material', { because: 'a serial number that is no hex' });
  }
  return digits;
}
