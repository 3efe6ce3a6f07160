// What certificates say, as evidence.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Evidence } from '../../../shared/model/doctor.ts';

/** On one line, as `CN=name, O=organisation`. */
export const nameOf = (name: string): string => name.trim().split('\n').join(', ') || 'no name';

export const sansOf = ({ subjectAltName }: X509Certificate): string => subjectAltName ?? 'none';

export const commonNameOf = ({ subject }: X509Certificate): string | undefined => /^CN=(.+)$/m.exec(subject)?.[1];

/** Lower-case hex of whole octets. */
export const serialOf = ({ serialNumber }: X509Certificate): string => serialNumber.toLowerCase();

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
const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/g;

/** The certificates of a PEM file; undefined when it holds none, or one that cannot be read. */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  try {
    const certificates = (pem.match(certificateBlock) ?? []).map((block) => new X509Certificate(block));
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

/** Node and the CRL's reader write a name's parts in other orders and separators. */
export const isSameName = (a: string, b: string): boolean => {
  const parts = (name: string) =>
    name
      .split(/[\n,/]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .sort()
      .join('\n');
  return parts(a) === parts(b);
};
