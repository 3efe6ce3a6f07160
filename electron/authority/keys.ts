import { generateKeyPair as generateWithNode, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';

export type KeyPair = {
  readonly algorithm: KeyAlgorithm;
  /** PKCS#8, unencrypted: what a device gets as `device.key`. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
};

/** A new key pair, made on the thread pool. RSA exponents are 65537, EC keys name their curve. */
export function generateKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  const encodings = {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  } as const;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: Buffer, privateKeyPem: string) =>
      error ? reject(error) : resolve({ algorithm, privateKeyPem, publicKey });
    switch (algorithm) {
      case 'RSA-2048':
      case 'RSA-3072':
      case 'RSA-4096':
        generateWithNode('rsa', { modulusLength: Number(algorithm.slice(4)), ...encodings }, done);
        break;
      case 'EC-P256':
        generateWithNode('ec', { namedCurve: 'prime256v1', ...encodings }, done);
        break;
      case 'EC-P384':
        generateWithNode('ec', { namedCurve: 'secp384r1', ...encodings }, done);
        break;
    }
  });
}

/** Which of our algorithms a key is of, or undefined for any other kind, size or curve. */
export function keyAlgorithmOf(key: KeyObject): KeyAlgorithm | undefined {
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
