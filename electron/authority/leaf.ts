import {
  type CertificateKind,
  deviceCertificateDefaults,
  type LeafKeyAlgorithm,
} from '../../shared/model/certificate.ts';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import {
  type DistinguishedName,
  encodeDistinguishedName,
  formatDistinguishedName,
  nameAttribute,
} from './distinguished-name.ts';
import {
  basicConstraintsLeaf,
  extendedKeyUsageClient,
  extendedKeyUsageDocument,
  extendedKeyUsageServer,
  keyIdentifierOf,
  keyUsageSignature,
  keyUsageSignatureAndEncipherment,
  subjectAltName,
  subjectKeyIdentifier,
} from './extensions.ts';
import { type AuthorityFiles, type Issuer, issuerOf } from './issuer.ts';
import { generateKeyPair } from './keys.ts';
import { toPem } from './pem.ts';
import { distinctNames, encodeSubjectAltNames, hostName, type SubjectAltName, uriName } from './subject-alt-names.ts';
import { fingerprintOf, type IssuedCertificate, newSerialNumber, tbsCertificate } from './tbs-certificate.ts';
import { leafValidity } from './validity.ts';

/**
 * Who a certificate is for. `subjectAltNames` of a broker are DNS names and addresses; its common name joins them.
 * A probe shows what a device would: the broker must not be able to tell them apart.
 */
export type LeafProfile =
  | { readonly kind: 'device' | 'probe'; readonly plantId: PlantId }
  | { readonly kind: 'broker'; readonly commonName: string; readonly subjectAltNames: readonly string[] }
  | { readonly kind: 'console' | 'document'; readonly commonName: string };

export type IssuedLeaf = IssuedCertificate & {
  readonly keyAlgorithm: LeafKeyAlgorithm;
  /** PKCS#8, unencrypted: the only copy. */
  readonly privateKeyPem: string;
};

export type LeafOptions = {
  readonly authority: AuthorityFiles | Issuer;
  readonly profile: LeafProfile;
  /** Left out: the default, or what the authority has left. */
  readonly validity?: LeafValidity | undefined;
  readonly now: Date;
};

/** A public key that somebody else made, and holds the private half of. */
export type LeafKey = {
  readonly keyAlgorithm: LeafKeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
};

/** A new key and its certificate. Throws like `certifyKey`. */
export async function issueCertificate(
  options: LeafOptions & { readonly keyAlgorithm?: LeafKeyAlgorithm },
): Promise<IssuedLeaf> {
  const authority = issuerOf(options.authority);
  const keyAlgorithm = options.keyAlgorithm ?? deviceCertificateDefaults.keyAlgorithm;
  const { privateKeyPem, publicKey } = await generateKeyPair(keyAlgorithm);
  const certificate = await certifyKey({ ...options, authority }, { keyAlgorithm, publicKey });
  return { ...certificate, keyAlgorithm, privateKeyPem };
}

/**
 * The certificate of a key (RFC 5280; CN = plant UUID for a device). It begins with its authority,
 * because PLCs boot with a clock in the past, unless `validity` says otherwise. A validity that does not fit the
 * authority's is refused with `authority/invalid-validity`.
 * Throws `authority/invalid-name` and `authority/invalid-subject` for names that fit no certificate.
 */
export async function certifyKey(options: LeafOptions, key: LeafKey): Promise<IssuedCertificate> {
  const { profile } = options;
  const { keyAlgorithm, publicKey } = key;
  const authority = issuerOf(options.authority);
  const subject: DistinguishedName = [nameAttribute('CN', commonNameOf(profile))];
  const names = subjectAltNamesOf(profile);
  const validity = leafValidity(
    options.now,
    options.validity ?? {},
    deviceCertificateDefaults.validityDays,
    authority.validity,
  );
  const serialNumber = newSerialNumber();
  const der = await authority.signer.signed(
    tbsCertificate({
      serialNumber,
      signatureAlgorithm: authority.signer.algorithmIdentifier,
      issuer: authority.name,
      validity,
      subject: encodeDistinguishedName(subject),
      publicKey,
      extensions: [
        ...usageOf(profile.kind, keyAlgorithm),
        subjectKeyIdentifier(keyIdentifierOf(publicKey)),
        authority.authorityKeyIdentifier,
        ...(names.length > 0 ? [subjectAltName(encodeSubjectAltNames(names))] : []),
      ],
    }),
  );
  return {
    certificatePem: toPem('CERTIFICATE', der),
    serialNumber: serialNumber.toString('hex'),
    fingerprint: fingerprintOf(der),
    subject: formatDistinguishedName(subject),
    subjectAltNames: names.map(({ text }) => text),
    ...validity,
  };
}

function commonNameOf(profile: LeafProfile): string {
  switch (profile.kind) {
    case 'device':
    case 'probe':
      return profile.plantId;
    case 'broker':
    case 'console':
    case 'document':
      return profile.commonName;
  }
}

function subjectAltNamesOf(profile: LeafProfile): SubjectAltName[] {
  switch (profile.kind) {
    case 'device':
    case 'probe':
      return [uriName(`urn:uuid:${profile.plantId}`)];
    case 'broker':
      return distinctNames([profile.commonName, ...profile.subjectAltNames].map(hostName));
    case 'console':
    case 'document':
      return [];
  }
}

/** Key encipherment is what TLS 1.2 without forward secrecy does with a server's RSA key; old PLCs still ask for it. */
function usageOf(kind: CertificateKind, keyAlgorithm: LeafKeyAlgorithm): Buffer[] {
  switch (kind) {
    case 'device':
    case 'probe':
    case 'console':
      return [basicConstraintsLeaf, keyUsageSignature, extendedKeyUsageClient];
    case 'broker':
      return [
        basicConstraintsLeaf,
        keyAlgorithm.startsWith('RSA') ? keyUsageSignatureAndEncipherment : keyUsageSignature,
        extendedKeyUsageServer,
      ];
    case 'document':
      return [basicConstraintsLeaf, keyUsageSignature, extendedKeyUsageDocument];
  }
}
