// What certificates and CRLs say, as evidence.

import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { X509Crl } from '@peculiar/x509';
import type { Evidence } from '../../../shared/model/doctor.ts';

/** On one line, as `CN=name, O=organisation`. */
export const nameOf = (name: string): string => name.trim().split('\n').join(', ') || 'no name';

export const sansOf = ({ subjectAltName }: X509Certificate): string => subjectAltName ?? 'none';

export const commonNameOf = ({ subject }: X509Certificate): string | undefined => /^CN=(.+)$/m.exec(subject)?.[1];

/** Lower-case hex without leading zeros. */
export const serialOf = ({ serialNumber }: X509Certificate): string => normalSerial(serialNumber);

const normalSerial = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '');

export const describeCertificate = (whose: string, certificate: X509Certificate): Evidence[] => [
  { label: `${whose}: subject`, value: nameOf(certificate.subject) },
  { label: `${whose}: issuer`, value: nameOf(certificate.issuer) },
  ...(certificate.subjectAltName === undefined
    ? []
    : [{ label: `${whose}: names`, value: certificate.subjectAltName }]),
  {
    label: `${whose}: valid`,
    value: `${certificate.validFromDate.toISOString()} to ${certificate.validToDate.toISOString()}`,
  },
  { label: `${whose}: serial number`, value: serialOf(certificate) },
];

/** As OpenSSL reads a file: what stands beside the blocks is passed over. */
const blocksOf = (text: string, label: 'CERTIFICATE' | 'X509 CRL'): readonly string[] =>
  text.match(new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]*-----END ${label}-----`, 'g')) ?? [];

/** The certificates of a PEM file; undefined when it holds none, or one that cannot be read. */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  try {
    const certificates = blocksOf(pem, 'CERTIFICATE').map((block) => new X509Certificate(block));
    return certificates.length === 0 ? undefined : certificates;
  } catch {
    return undefined;
  }
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** Whether this private key belongs to this certificate; undefined when it cannot be read. */
export function keyFits(certificate: X509Certificate, keyPem: string): boolean | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return undefined;
  }
}

export type CrlFacts = {
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly revokes: (certificate: X509Certificate) => boolean;
};

/** The CRLs of PEM files; one that cannot be read says nothing. */
export const readCrls = (pems: readonly string[]): CrlFacts[] => pems.flatMap(readCrlFile);

function readCrlFile(pem: string): CrlFacts[] {
  try {
    return blocksOf(pem, 'X509 CRL').map((block) => factsOf(new X509Crl(block)));
  } catch {
    return [];
  }
}

function factsOf({ issuer, thisUpdate, nextUpdate, entries }: X509Crl): CrlFacts {
  const revoked = new Set(entries.map(({ serialNumber }) => normalSerial(serialNumber)));
  const revokes = (certificate: X509Certificate) =>
    isSameName(certificate.issuer, issuer) && revoked.has(serialOf(certificate));
  return { issuer, thisUpdate, nextUpdate, revokes };
}

/** Node and the CRL's reader write a name's parts in other orders and separators. */
export const isSameName = (a: string, b: string): boolean => {
  const parts = (name: string) =>
    name
      .split(/[\n,]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .sort()
      .join('\n');
  return parts(a) === parts(b);
};
