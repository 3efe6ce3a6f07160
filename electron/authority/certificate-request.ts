// Reads certificate requests (PKCS#10, RFC 2986) that come from outside. A request proves that its writer holds the
// private key, and nothing else: what it wishes for is shown, and never followed. Profiles say what a certificate holds.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { tag } from './der.ts';
import { readElement, readObjectIdentifier, readSequence } from './der-reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { extensionId } from './extensions.ts';
import { keyAlgorithmOf, spellsCurveOut } from './keys.ts';
import { fromPem } from './pem.ts';
import { type Extension, type RequestStructure, readRequestStructure } from './structure.ts';

export type CertificateRequest = {
  /** As the request names it, such as `/CN=plc-4`. */
  readonly subject: string;
  readonly keyAlgorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  /** The extensions that it asks for, by name or dotted identifier. */
  readonly wishes: readonly string[];
};

/** By which many tools still sign, or could, and nobody should believe. */
const refusedSchemes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5 with RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 with RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10045.4.1': 'SHA-1 with ECDSA',
};

/** RFC 4055, RFC 5758 and RFC 8410; nothing with SHA-1. */
const signatureSchemes: Readonly<
  Record<string, { readonly hash: string | null; readonly keyType: 'rsa' | 'ec' | 'ed25519' }>
> = {
  '1.2.840.113549.1.1.11': { hash: 'sha256', keyType: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', keyType: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', keyType: 'rsa' },
  '1.2.840.10045.4.3.2': { hash: 'sha256', keyType: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', keyType: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', keyType: 'ec' },
  '1.3.101.112': { hash: null, keyType: 'ed25519' },
};

/**
 * A PEM request whose signature fits its key. Throws `authority/request-not-proven` when it does not,
 * `authority/request-algorithm` when it is signed in a way that says too little or that is not read here,
 * `authority/request-for-authority` when it asks for the certificate of an authority, `authority/weak-key` for a key that
 * we would not make ourselves, and `offline/request-unreadable` for any other text.
 */
export async function readCertificateRequest(pem: string): Promise<CertificateRequest> {
  try {
    const structure = readRequestStructure(
      // What Microsoft's tools and some PLCs write.
      fromPem('CERTIFICATE REQUEST', pem.replaceAll('NEW CERTIFICATE REQUEST', 'CERTIFICATE REQUEST')),
    );
    if (spellsCurveOut(structure.publicKey.der)) {
      throw new ConsoleError('authority/weak-key', {
        because: 'its curve is spelled out; make the key with a named curve (P-256 or P-384)',
      });
    }
    const key = createPublicKey({ key: structure.publicKey.der, format: 'der', type: 'spki' });
    const keyAlgorithm = keyAlgorithmOf(key);
    if (!keyAlgorithm) {
      throw new ConsoleError('authority/weak-key', {
        because: 'RSA of 2048, 3072 or 4096 bits, P-256, P-384 or Ed25519',
      });
    }
    if (!(await isSignedBy(structure, key))) throw new ConsoleError('authority/request-not-proven');
    if (asksForAuthority(structure)) throw new ConsoleError('authority/request-for-authority');
    return {
      subject: readDistinguishedName(structure.subject.der),
      keyAlgorithm,
      publicKey: structure.publicKey.der,
      wishes: structure.extensions.map(nameOf),
    };
  } catch (error) {
    if (error instanceof ConsoleError && error.code !== 'authority/invalid-material') throw error;
    throw new ConsoleError('offline/request-unreadable', { cause: error });
  }
}

/** Whoever wants to issue certificates has got hold of the wrong door, or tries one. */
function asksForAuthority({ extensions }: RequestStructure): boolean {
  const constraints = extensions.find(({ oid }) => oid === extensionId.basicConstraints);
  const [isAuthority] = constraints ? readSequence(readElement(constraints.value)) : [];
  return isAuthority?.tag === tag.boolean && isAuthority.content[0] !== 0;
}

async function isSignedBy({ tbs, outerAlgorithm, signature }: RequestStructure, key: KeyObject): Promise<boolean> {
  const [identifier] = readSequence(readElement(outerAlgorithm));
  const oid = readObjectIdentifier(identifier);
  const scheme = signatureSchemes[oid];
  if (!scheme) {
    throw new ConsoleError('authority/request-algorithm', { because: `it is signed by ${refusedSchemes[oid] ?? oid}` });
  }
  if (scheme.keyType !== key.asymmetricKeyType) return false;
  return await new Promise((resolve, reject) => {
    verify(scheme.hash, tbs, key, signature, (error, isValid) => (error ? reject(error) : resolve(isValid)));
  });
}

const nameOf = ({ oid }: Extension): string => Object.entries(extensionId).find(([, id]) => id === oid)?.[0] ?? oid;
