import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { authorityKeyIdentifier } from './extensions.ts';
import { inspectCertificate } from './inspect.ts';
import { Signer } from './signer.ts';
import type { Validity } from './validity.ts';

/** What the vault keeps of an authority. */
export type AuthorityFiles = { readonly certificatePem: string; readonly privateKeyPem: string };

/**
 * An authority ready to sign: its key imported and its fixed parts encoded once,
 * so that issuing many certificates costs the main thread next to nothing.
 */
export class Issuer {
  readonly signer: Signer;
  /** The encoded Name of the authority. */
  readonly name: Buffer;
  readonly validity: Validity;
  /** The encoded AuthorityKeyIdentifier extension. */
  readonly authorityKeyIdentifier: Buffer;

  /** Throws `authority/invalid-material` for unreadable PEM, or for a key that is not the certificate's. */
  constructor(files: AuthorityFiles) {
    const certificate = inspectCertificate(files.certificatePem);
    const privateKey = readPrivateKey(files.privateKeyPem);
    if (!new X509Certificate(files.certificatePem).checkPrivateKey(privateKey)) {
      throw new ConsoleError('authority/invalid-material', { because: 'the key belongs to another certificate' });
    }
    this.signer = new Signer(privateKey);
    this.name = certificate.subjectDer;
    this.validity = { notBefore: certificate.notBefore, notAfter: certificate.notAfter };
    this.authorityKeyIdentifier = authorityKeyIdentifier(certificate.subjectKeyIdentifier);
  }
}

/** One certificate: give the files. Many: make one Issuer of them first. */
export const issuerOf = (authority: AuthorityFiles | Issuer): Issuer =>
  authority instanceof Issuer ? authority : new Issuer(authority);

/** The cause stays out of the error: it might quote the key. */
function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConsoleError('authority/invalid-material', { because: 'not a readable private key' });
  }
}
