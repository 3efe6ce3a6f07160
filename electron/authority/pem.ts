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
