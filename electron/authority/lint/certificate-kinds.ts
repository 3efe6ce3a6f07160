// What this profile asks of a root, of every leaf, of a broker's certificate and of a plant's.

import { primitiveTag, tag } from '../der.ts';
import { readElement, readIntegerHex, readObjectIdentifier, readOctets, readSequence } from '../der-reader.ts';
import { readDistinguishedName } from '../distinguished-name.ts';
import { extensionId } from '../extensions.ts';
import type { Extension } from '../structure.ts';
import { readSubjectAltNames } from '../subject-alt-names.ts';
import type { CertificateSubject } from './certificate-subject.ts';
import { extensionOf } from './common.ts';
import type { Rule } from './finding.ts';

type CertificateRule = Rule<CertificateSubject>;

const keyCertSign = 0b0000_0100;
const cRLSign = 0b0000_0010;
const digitalSignature = 0b1000_0000;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const documentSigning = '1.3.6.1.5.5.7.3.36';

/** What a leaf of each kind must be good for, and in words. */
const purposes = {
  server: [serverAuth, 'TLS servers'],
  client: [clientAuth, 'TLS clients'],
  document: [documentSigning, 'signing documents'],
} as const;

const find = ({ certificate }: CertificateSubject, oid: string): Extension | undefined =>
  extensionOf(certificate.extensions, oid);

/** The first octet of a KeyUsage; undefined where there is none. */
function keyUsageOf(subject: CertificateSubject): number | undefined {
  const extension = find(subject, extensionId.keyUsage);
  return extension && (readOctets(readElement(extension.value), tag.bitString)[1] ?? 0);
}

function constraintsOf(subject: CertificateSubject): { readonly isAuthority: boolean; readonly pathLength?: number } {
  const extension = find(subject, extensionId.basicConstraints);
  const parts = extension ? readSequence(readElement(extension.value)) : [];
  const length = parts.find(({ tag: tagByte }) => tagByte === tag.integer);
  return {
    isAuthority: parts[0]?.tag === tag.boolean && parts[0].content[0] !== 0,
    ...(length && { pathLength: Number.parseInt(readIntegerHex(length), 16) }),
  };
}

const namesOf = (subject: CertificateSubject): string[] => {
  const extension = find(subject, extensionId.subjectAltName);
  return extension ? readSubjectAltNames(extension.value) : [];
};

const commonNameOf = ({ certificate }: CertificateSubject): string | undefined =>
  /\/CN=([^/]+)$/.exec(readDistinguishedName(certificate.subject.der))?.[1];

export const authorityRules: readonly CertificateRule[] = [
  {
    rule: 'basic-constraints',
    source: 'RFC 5280, 4.2.1.9',
    severity: 'error',
    judge: (subject) => {
      if (!constraintsOf(subject).isAuthority) return 'it is no authority: CA is not TRUE';
      return find(subject, extensionId.basicConstraints)?.isCritical ? undefined : 'the constraints are not critical';
    },
  },
  {
    rule: 'path-length',
    source: 'RFC 4210, 4.4',
    severity: 'warning',
    judge: (subject) =>
      constraintsOf(subject).pathLength === 0
        ? 'a path length of 0 leaves no room for the cross-certificate of a rollover to another name'
        : undefined,
  },
  {
    rule: 'key-usage',
    source: 'RFC 5280, 4.2.1.3',
    severity: 'error',
    judge: (subject) => {
      const usage = keyUsageOf(subject);
      if (usage === undefined) return 'it is missing';
      return (usage & keyCertSign) === 0 || (usage & cRLSign) === 0
        ? 'it may not sign certificates and CRLs'
        : undefined;
    },
  },
  {
    rule: 'key-usage-of-a-root',
    source: 'RFC 5280, 4.2.1.3',
    severity: 'warning',
    judge: (subject) => {
      const usage = keyUsageOf(subject);
      if (usage !== undefined && usage !== (keyCertSign | cRLSign))
        return 'it may do more than sign certificates and CRLs';
      const extension = find(subject, extensionId.keyUsage);
      return extension && !extension.isCritical ? 'it is not critical' : undefined;
    },
  },
];

export const leafRules: readonly CertificateRule[] = [
  {
    rule: 'basic-constraints',
    source: 'RFC 5280, 4.2.1.9',
    severity: 'error',
    judge: (subject) => {
      const { isAuthority, pathLength } = constraintsOf(subject);
      if (isAuthority) return 'it is an authority: its key could issue certificates';
      return pathLength === undefined ? undefined : 'a path length without CA';
    },
  },
  {
    rule: 'key-usage',
    source: 'RFC 5280, 4.2.1.3',
    severity: 'error',
    judge: (subject) => {
      const usage = keyUsageOf(subject);
      if (usage === undefined) return undefined;
      if ((usage & (keyCertSign | cRLSign)) !== 0) return 'it may sign certificates or CRLs';
      return (usage & digitalSignature) === 0 ? 'it may not sign, which TLS 1.3 needs' : undefined;
    },
  },
  {
    rule: 'key-usage-present',
    source: 'RFC 5280, 4.2.1.3',
    severity: 'warning',
    judge: (subject) => {
      const extension = find(subject, extensionId.keyUsage);
      if (!extension) return 'it is missing';
      return extension.isCritical ? undefined : 'it is not critical';
    },
  },
  {
    rule: 'extended-key-usage',
    source: 'RFC 5280, 4.2.1.12',
    severity: 'error',
    judge: (subject) => {
      const extension = find(subject, extensionId.extendedKeyUsage);
      if (!extension) return undefined;
      const [wanted, words] = purposes[subject.kind === 'authority' ? 'client' : subject.kind];
      return readSequence(readElement(extension.value)).map(readObjectIdentifier).includes(wanted)
        ? undefined
        : `it is not for ${words}`;
    },
  },
  {
    rule: 'extended-key-usage-present',
    source: 'RFC 5280, 4.2.1.12',
    severity: 'warning',
    judge: (subject) => {
      const extension = find(subject, extensionId.extendedKeyUsage);
      if (!extension) return 'it is missing, so the certificate is good for anything';
      return readSequence(readElement(extension.value)).length > 1 ? 'it is for more than one purpose' : undefined;
    },
  },
];

export const serverRules: readonly CertificateRule[] = [
  {
    rule: 'subject-alt-name',
    source: 'RFC 9525, 3',
    severity: 'error',
    judge: (subject) => {
      const isHost = (name: string) => name.startsWith('DNS:') || name.startsWith('IP:');
      return namesOf(subject).some(isHost) ? undefined : 'it names no host: clients ignore the common name';
    },
  },
  {
    rule: 'subject-alt-name-address',
    source: 'RFC 5280, 4.2.1.6',
    severity: 'error',
    judge: (subject) => {
      const extension = find(subject, extensionId.subjectAltName);
      const addresses = extension ? readSequence(readElement(extension.value)) : [];
      const odd = addresses.find(
        ({ tag: tagByte, content }) => tagByte === primitiveTag(7) && content.length !== 4 && content.length !== 16,
      );
      if (odd) return `an address of ${odd.content.length} octets`;
      const text = namesOf(subject).find((name) => /^DNS:[0-9.]+$/.test(name));
      return text && `${text} is an address written as a DNS name, which clients do not accept`;
    },
  },
];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Warnings: a broker takes any name, but then the ACL of a plant does not fit it. */
export const clientRules: readonly CertificateRule[] = [
  {
    rule: 'common-name',
    source: 'mTLS onboarding: CN = plant id',
    severity: 'warning',
    judge: (subject) => {
      const name = commonNameOf(subject);
      if (name === undefined) return 'it has no common name, and the broker no username';
      return uuid.test(name) || name === 'voke-console' ? undefined : 'the common name is no UUID in lower case';
    },
  },
  {
    rule: 'subject-alt-name-urn',
    source: 'RFC 9562, 4',
    severity: 'warning',
    judge: (subject) => {
      const name = commonNameOf(subject);
      const wanted = `URI:urn:uuid:${name}`;
      return !name || !uuid.test(name) || namesOf(subject).includes(wanted) ? undefined : `it does not name ${wanted}`;
    },
  },
];
