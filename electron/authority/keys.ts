import { generateKeyPair as generateWithNode, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { tag } from './der.ts';
import { readElement, readObjectIdentifier, readSequence } from './der-reader.ts';
import { generateEcKeyPair } from './ec-keys.ts';

const generate = promisify(generateWithNode);

export type KeyPair = {
  /** PKCS#8, unencrypted: what a device gets as `device.key`. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
};

/** A new key pair, made on the thread pool. RSA exponents are 65537, EC keys name their curve. */
export async function generateKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case 'RSA-2048':
    case 'RSA-3072':
    case 'RSA-4096': {
      const { privateKey, publicKey } = await generate('rsa', {
        modulusLength: Number(algorithm.slice(4)),
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'der' },
      });
      return { privateKeyPem: privateKey, publicKey };
    }
    case 'EC-P256':
    case 'EC-P384':
      return generateEcKeyPair(algorithm);
    case 'Ed25519': {
      const { privateKey, publicKey } = await generate('ed25519', {
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'der' },
      });
      return { privateKeyPem: privateKey, publicKey };
    }
  }
}

/** An EC key whose curve is spelled out: certificates may name one only (RFC 5480, 2.1.1), and readers differ on the rest. */
export function spellsCurveOut(publicKey: Buffer): boolean {
  const [algorithm] = readSequence(readElement(publicKey));
  const [identifier, parameters] = readSequence(algorithm);
  return readObjectIdentifier(identifier) === ecPublicKey && parameters?.tag !== tag.oid;
}

const ecPublicKey = '1.2.840.10045.2.1';

/** Which of our algorithms a key is of, or undefined for any other kind, size or curve. */
export function keyAlgorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519';
  const details = key.asymmetricKeyDetails;
  switch (`${key.asymmetricKeyType} ${details?.modulusLength ?? details?.namedCurve}`) {
    case 'rsa 2048':
      return 'RSA-2048';
    case 'rsa 3072':
      return 'RSA-3072';
    case 'rsa 4096':
      return 'RSA-4096';
    case 'ec prime256v1':
      return 'EC-P256';
    case 'ec secp384r1':
      return 'EC-P384';
    default:
      return undefined;
  }
}
