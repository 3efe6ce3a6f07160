import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';

/** RFC 7468. OpenSSL refuses a CRL under any other label than `X509 CRL`. */
export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY';

/** RFC 7468 text: 64 characters a line, a line feed at the end. */
export function toPem(label: PemLabel, der: Uint8Array): string {
  const lines =
    Buffer.from(der.buffer, der.byteOffset, der.byteLength)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const lineOctets = 48;
const linesAtOnce = 500;

/** The same text for what may have megabytes; the event loop turns now and then. */
export async function toLongPem(label: PemLabel, der: Buffer): Promise<string> {
  const parts = [`-----BEGIN ${label}-----`];
  for (let start = 0; start < der.length; start += lineOctets * linesAtOnce) {
    const base64 = der.subarray(start, start + lineOctets * linesAtOnce).toString('base64');
    parts.push(base64.replaceAll(/.{64}(?=.)/g, '$&\n'));
    await nextTurn();
  }
  parts.push(`-----END ${label}-----\n`);
  return parts.join('\n');
}

/** The one block of this label in `text`. Throws `authority/invalid-material` when there is none, or more than one. */
export function fromPem(label: PemLabel, text: string): Buffer {
  const blocks = [
    ...text.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g')),
  ];
  const base64 = blocks[0]?.[1];
  if (base64 === undefined || blocks.length > 1) {
    throw new ConsoleError('authority/invalid-material', { because: `expected exactly one PEM block "${label}"` });
  }
  return Buffer.from(base64, 'base64');
}
