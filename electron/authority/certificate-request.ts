// Reads certificate requests (PKCS#10, RFC 2986) that come from outside. A request proves that its writer holds the
// private key, and nothing else: what it wishes for is shown, and never followed. Profiles say what a certificate holds.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { readElement, readObjectIdentifier, readSequence } from './der-reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { extensionId } from './extensions.ts';
import { keyAlgorithmOf } from './keys.ts';
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

/** RFC 4055 and RFC 5758; nothing with SHA-1. */
const signatureSchemes: Readonly<Record<string, { readonly hash: string; readonly keyType: 'rsa' | 'ec' }>> = {
  '1.2.840.113549.1.1.11': { hash: 'sha256', keyType: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', keyType: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', keyType: 'rsa' },
  '1.2.840.10045.4.3.2': { hash: 'sha256', keyType: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', keyType: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', keyType: 'ec' },
};

/**
 * A PEM request whose signature fits its key. Throws `offline/request-unreadable` for any other text, and
 * `authority/weak-key` for a key that is none of RSA-2048, -3072, -4096, P-256 and P-384.
 */
export async function readCertificateRequest(pem: string): Promise<CertificateRequest> {
  try {
    const structure = readRequestStructure(
      // What Microsoft's tools and some PLCs write.
      fromPem('CERTIFICATE REQUEST', pem.replaceAll('NEW CERTIFICATE REQUEST', 'CERTIFICATE REQUEST')),
    );
    const key = createPublicKey({ key: structure.publicKey.der, format: 'der', type: 'spki' });
    const keyAlgorithm = keyAlgorithmOf(key);
    if (!keyAlgorithm) {
      throw new ConsoleError('authority/weak-key', { because: 'RSA of 2048 bits or more, P-256 or P-384' });
    }
    if (!(await isSignedBy(structure, key))) throw unreadable('its signature does not fit');
    return {
      subject: readDistinguishedName(structure.subject.der),
      keyAlgorithm,
      publicKey: structure.publicKey.der,
      wishes: structure.extensions.map(nameOf),
    };
  } catch (error) {
    if (error instanceof ConsoleError && error.code !== 'authority/invalid-material') throw error;
    throw unreadable(undefined, error);
  }
}

const unreadable = (because?: string, cause?: unknown) =>
  new ConsoleError('offline/request-unreadable', { ...(because !== undefined && { because }), cause });

function isSignedBy({ tbs, outerAlgorithm, signature }: RequestStructure, key: KeyObject): Promise<boolean> {
  const [identifier] = readSequence(readElement(outerAlgorithm));
  const scheme = signatureSchemes[readObjectIdentifier(identifier)];
  if (!scheme || scheme.keyType !== key.asymmetricKeyType) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verify(scheme.hash, tbs, key, signature, (error, isValid) => (error ? reject(error) : resolve(isValid)));
  });
}

const nameOf = ({ oid }: Extension): string => Object.entries(extensionId).find(([, id]) => id === oid)?.[0] ?? oid;
