// EC keys are encoded here and not by OpenSSL: its two encoders take 70 µs of the main thread, more than all else
// that an EC certificate costs there. The numbers come as JWK, which pads them to the width of the curve (RFC 7518, 6.2).

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { bitString, explicit, objectIdentifier, octetString, sequence, smallInteger } from './der.ts';
import { toPem } from './pem.ts';

const generate = promisify(generateKeyPair);
const ecPublicKey = objectIdentifier('1.2.840.10045.2.1');

const curves = {
  'EC-P256': { namedCurve: 'prime256v1', identifier: sequence(ecPublicKey, objectIdentifier('1.2.840.10045.3.1.7')) },
  'EC-P384': { namedCurve: 'secp384r1', identifier: sequence(ecPublicKey, objectIdentifier('1.3.132.0.34')) },
} as const;

/** PKCS#8 with ECPrivateKey (RFC 5915) inside, and SubjectPublicKeyInfo (RFC 5480) with an uncompressed point. */
export async function generateEcKeyPair(
  algorithm: keyof typeof curves,
): Promise<{ readonly privateKeyPem: string; readonly publicKey: Buffer }> {
  const { namedCurve, identifier } = curves[algorithm];
  const { privateKey } = await generate('ec', { namedCurve });
  const { d = '', x = '', y = '' } = privateKey.export({ format: 'jwk' });
  const octets = (base64url: string) => Buffer.from(base64url, 'base64url');
  const point = bitString(Buffer.concat([Buffer.of(0x04), octets(x), octets(y)]));
  const ecPrivateKey = sequence(smallInteger(1), octetString(octets(d)), explicit(1, point));
  return {
    privateKeyPem: toPem('PRIVATE KEY', sequence(smallInteger(0), identifier, octetString(ecPrivateKey))),
    publicKey: sequence(identifier, point),
  };
}
