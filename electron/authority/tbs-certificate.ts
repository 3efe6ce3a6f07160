import { createHash, randomBytes } from 'node:crypto';
import { explicit, sequence, smallInteger, unsignedInteger } from './der.ts';
import { extensionList } from './extensions.ts';
import { encodeValidity, type Validity } from './validity.ts';

/** What an issued certificate is known by, in the words of the vault's certificate rows. */
export type IssuedCertificate = {
  readonly certificatePem: string;
  /** 32 lower-case hex digits. */
  readonly serialNumber: string;
  /** SHA-256 of the DER: upper-case hex pairs with colons. */
  readonly fingerprint: string;
  /** Such as `/CN=a1b2c3d4-0000-0000-0000-000000000001`. */
  readonly subject: string;
  /** Such as `DNS:mqtt.example.com`, `IP:127.0.0.1`, `URI:urn:uuid:…`. */
  readonly subjectAltNames: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
};

const version3 = explicit(0, smallInteger(2));

/** TBSCertificate (RFC 5280, 4.1) from parts that are encoded already. */
export const tbsCertificate = (parts: {
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Validity;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Uint8Array[];
}): Buffer =>
  sequence(
    version3,
    unsignedInteger(parts.serialNumber),
    parts.signatureAlgorithm,
    parts.issuer,
    encodeValidity(parts.validity),
    parts.subject,
    parts.publicKey,
    explicit(3, extensionList(parts.extensions)),
  );

/** 16 octets with 126 random bits: positive, never shorter, and its hex never begins with a zero. */
export function newSerialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** `AA:BB:…`, as `openssl x509 -fingerprint -sha256` prints it. */
export const fingerprintOf = (der: Uint8Array): string =>
  createHash('sha256')
    .update(der)
    .digest('hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');
