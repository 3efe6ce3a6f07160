import { type KeyObject, sign } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { bitString, nullValue, objectIdentifier, sequence } from './der.ts';
import { keyAlgorithmOf } from './keys.ts';

/** AlgorithmIdentifiers of RFC 4055 (RSA, with NULL), RFC 5758 (ECDSA) and RFC 8410 (Ed25519, which hashes by itself). */
const sha256WithRsa = { hash: 'sha256', identifier: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nullValue) };
const ecdsaWithSha256 = { hash: 'sha256', identifier: sequence(objectIdentifier('1.2.840.10045.4.3.2')) };
const ecdsaWithSha384 = { hash: 'sha384', identifier: sequence(objectIdentifier('1.2.840.10045.4.3.3')) };

const ed25519 = { hash: null, identifier: sequence(objectIdentifier('1.3.101.112')) };

function schemeFor(algorithm: KeyAlgorithm): { readonly hash: string | null; readonly identifier: Buffer } {
  switch (algorithm) {
    case 'RSA-2048':
    case 'RSA-3072':
    case 'RSA-4096':
      return sha256WithRsa;
    case 'EC-P256':
      return ecdsaWithSha256;
    case 'EC-P384':
      return ecdsaWithSha384;
    case 'Ed25519':
      return ed25519;
  }
}

/** Signs what an authority says, certificates and CRLs, and what is said in its name. */
export class Signer {
  /** The AlgorithmIdentifier that stands in the signed part and beside the signature. */
  readonly algorithmIdentifier: Buffer;
  readonly #hash: string | null;
  readonly #privateKey: KeyObject;

  /** Throws `authority/invalid-material` for a key of a kind that no authority of ours has. */
  constructor(privateKey: KeyObject) {
    const algorithm = keyAlgorithmOf(privateKey);
    if (!algorithm) throw new ConsoleError('authority/invalid-material', { because: 'unsupported kind of key' });
    const scheme = schemeFor(algorithm);
    this.algorithmIdentifier = scheme.identifier;
    this.#hash = scheme.hash;
    this.#privateKey = privateKey;
  }

  /** The signature alone, made on the thread pool. */
  signature(toBeSigned: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      sign(this.#hash, toBeSigned, this.#privateKey, (error, signature) =>
        error ? reject(error) : resolve(signature),
      );
    });
  }

  /** `SEQUENCE { toBeSigned, signatureAlgorithm, signature }`. */
  async signed(toBeSigned: Uint8Array): Promise<Buffer> {
    return sequence(toBeSigned, this.algorithmIdentifier, bitString(await this.signature(toBeSigned)));
  }
}
