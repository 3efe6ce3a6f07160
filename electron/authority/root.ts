import { createPrivateKey } from 'node:crypto';
import { type AuthorityKeyAlgorithm, authorityDefaults } from '../../shared/model/certificate.ts';
import { buildCrl, type Crl } from './crl.ts';
import { encodeDistinguishedName, parseDistinguishedName, readDistinguishedName } from './distinguished-name.ts';
import { basicConstraintsAuthority, keyIdentifierOf, keyUsageAuthority, subjectKeyIdentifier } from './extensions.ts';
import { Issuer } from './issuer.ts';
import { generateKeyPair } from './keys.ts';
import { toPem } from './pem.ts';
import { Signer } from './signer.ts';
import { fingerprintOf, type IssuedCertificate, newSerialNumber, tbsCertificate } from './tbs-certificate.ts';
import { authorityValidity } from './validity.ts';

export type CreatedAuthority = Omit<IssuedCertificate, 'subjectAltNames'> & {
  /** PKCS#8, unencrypted: seal it at once. */
  readonly privateKeyPem: string;
  /** The authority's first CRL, number 1 and empty: a broker refuses everyone without one. */
  readonly crl: Crl;
};

/**
 * A self-signed root (RFC 5280, 3.2 and 4.2): CA:TRUE without a path length, keyCertSign and cRLSign.
 * `subject` is `/C=CZ/O=Acme/CN=Acme Root CA` or `CN=Acme Root CA,O=Acme,C=CZ`, or an encoded Name.
 * Throws `authority/invalid-subject` and `authority/invalid-validity`, before any key is made.
 */
export async function createAuthority(options: {
  readonly subject?: string | Buffer;
  readonly keyAlgorithm?: AuthorityKeyAlgorithm;
  readonly validityDays?: number;
  readonly now: Date;
  /** Of its first CRL. */
  readonly nextUpdateDays?: number;
}): Promise<CreatedAuthority> {
  const { subject = authorityDefaults.subject } = options;
  const name = typeof subject === 'string' ? encodeDistinguishedName(parseDistinguishedName(subject)) : subject;
  const validity = authorityValidity(options.now, options.validityDays ?? authorityDefaults.validityDays);
  const { privateKeyPem, publicKey } = await generateKeyPair(options.keyAlgorithm ?? authorityDefaults.keyAlgorithm);
  const signer = new Signer(createPrivateKey(privateKeyPem));
  const serialNumber = newSerialNumber();
  const der = await signer.signed(
    tbsCertificate({
      serialNumber,
      signatureAlgorithm: signer.algorithmIdentifier,
      issuer: name,
      validity,
      subject: name,
      publicKey,
      extensions: [basicConstraintsAuthority, keyUsageAuthority, subjectKeyIdentifier(keyIdentifierOf(publicKey))],
    }),
  );
  const certificatePem = toPem('CERTIFICATE', der);
  const authority = new Issuer({ certificatePem, privateKeyPem });
  return {
    certificatePem,
    privateKeyPem,
    serialNumber: serialNumber.toString('hex'),
    fingerprint: fingerprintOf(der),
    subject: readDistinguishedName(name),
    ...validity,
    crl: await buildCrl({ authority, ...options, entries: [], number: 1n }),
  };
}
