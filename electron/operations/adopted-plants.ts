// Whose certificates an adopted authority has issued: a plant's bear its UUID as commonName or as `urn:uuid:` among the
// subjectAltNames (the mTLS document), in lower case. What has neither is a broker's, or somebody's whom the console does
// not know.

import { randomUUID } from 'node:crypto';
import type { CertificateKind, CertificateState } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type PlantId, type PlantStatus, plantIdSchema } from '../../shared/model/plant.ts';
import type { CredentialState } from '../../shared/model/provisioning.ts';
import type { AdoptedAuthority } from '../authority/import/adopt.ts';
import type { ImportedCertificate } from '../authority/import/issued-certificates.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import type { NewCredential } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { newPlantRow } from './plants.ts';

export type AdoptedCertificate = {
  readonly row: CertificateRow;
  readonly privateKeyPem: string | undefined;
};

export type AdoptedPlant = {
  readonly row: PlantRow;
  /** The oldest first, each with the credential that it is the proof of. */
  readonly certificates: readonly (AdoptedCertificate & {
    readonly credential: NewCredential;
  })[];
};

export type AdoptedRegister = {
  readonly plants: readonly AdoptedPlant[];
  /** No plant's. */
  readonly others: readonly AdoptedCertificate[];
  /** Those of the others that look like a plant's. */
  readonly misnamed: readonly ImportedCertificate[];
};

const serverAuth = '1.3.6.1.5.5.7.3.1';

/** A step a certificate. Throws `authority/import-mismatch` for one that says that it is two plants'. */
export function* adoptRegister(
  adopted: AdoptedAuthority,
  authorityId: string,
  now: Date,
): Generator<undefined, AdoptedRegister, undefined> {
  const rowFor = certificateRows(adopted, authorityId, now);
  const byPlant = new Map<PlantId, ImportedCertificate[]>();
  const others: AdoptedCertificate[] = [];
  const misnamed: ImportedCertificate[] = [];
  for (const one of adopted.issued) {
    const plantId = plantOf(one);
    const known = plantId && byPlant.get(plantId);
    if (known) known.push(one);
    else if (plantId) byPlant.set(plantId, [one]);
    else {
      others.push({ row: rowFor(one, null, stateAt(one, now)), privateKeyPem: one.privateKeyPem });
      if (hasCapitals(one)) misnamed.push(one);
    }
    yield;
  }
  const plants: AdoptedPlant[] = [];
  for (const [plantId, issued] of byPlant) {
    plants.push(adoptPlant(plantId, issued, rowFor, now));
    yield;
  }
  return { plants, others, misnamed };
}

const namesOf = ({ certificate: { subject, subjectAltNames } }: ImportedCertificate): string[] => [
  ...Array.from(subject.matchAll(/\/CN=([^/]+)/g), ([, name = '']) => name),
  ...subjectAltNames.flatMap((name) => /^URI:urn:uuid:(.*)$/i.exec(name)?.[1] ?? []),
];

/** A broker takes the commonName as it is written for the username, and topics and mutes are by the id in lower case. */
const hasCapitals = (one: ImportedCertificate): boolean =>
  namesOf(one).some((name) => plantIdSchema.safeParse(name).success && name !== name.toLowerCase());

function plantOf(one: ImportedCertificate): PlantId | undefined {
  if (hasCapitals(one)) return undefined;
  const { subject } = one.certificate;
  const ids = new Set(namesOf(one).flatMap((name) => plantIdSchema.safeParse(name).data ?? []));
  if (ids.size > 1) {
    throw new ConsoleError('authority/import-mismatch', { because: `a certificate is of two plants: ${subject}` });
  }
  return [...ids][0];
}

type CertificateRowOf = (
  certificate: ImportedCertificate,
  plantId: PlantId | null,
  state: CertificateState,
) => CertificateRow;

function certificateRows({ revocations }: AdoptedAuthority, authorityId: string, now: Date): CertificateRowOf {
  return ({ certificate, usages }, plantId, state) => {
    const { keyAlgorithm, serialNumber } = certificate;
    if (keyAlgorithm === null) throw new ConsoleError('authority/weak-key');
    const revocation = revocations.get(serialNumber);
    const kind: CertificateKind = plantId === null && usages.includes(serverAuth) ? 'broker' : 'device';
    return {
      serialNumber,
      authorityId,
      kind,
      subject: certificate.subject,
      subjectAltNames: certificate.subjectAltNames,
      plantId,
      brokerId: null,
      keyAlgorithm,
      certificatePem: certificate.certificatePem,
      fingerprint: certificate.fingerprint,
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
      state: revocation ? 'revoked' : state,
      revokedAt: revocation?.revokedAt.toISOString() ?? null,
      revocationReason: revocation?.reason ?? null,
      invalidityDate: revocation?.invalidityDate?.toISOString() ?? null,
      createdAt: now.toISOString(),
    };
  };
}

const stateAt = ({ certificate }: ImportedCertificate, now: Date): CertificateState =>
  certificate.notAfter > now ? 'active' : 'superseded';

/**
 * Which of its certificates a plant uses is not known. The newest that may be used counts as the one in force; older ones
 * stay live beside it, so that they are withdrawn with the next rotation, and revoked with the plant.
 */
function adoptPlant(
  plantId: PlantId,
  issued: readonly ImportedCertificate[],
  rowFor: CertificateRowOf,
  now: Date,
): AdoptedPlant {
  const oldestFirst = issued.toSorted((a, b) => Number(a.certificate.notBefore) - Number(b.certificate.notBefore));
  const rows = oldestFirst.map((one) => ({ one, row: rowFor(one, plantId, stateAt(one, now)) }));
  const live = rows.filter(({ row }) => row.state === 'active');
  const inForce = live.at(-1);
  const stateOf = ({ state, serialNumber }: CertificateRow): CredentialState => {
    if (state !== 'active') return state === 'revoked' ? 'revoked' : 'superseded';
    return serialNumber === inForce?.row.serialNumber ? 'active' : 'deployed';
  };
  const revokedAt =
    rows
      .flatMap(({ row }) => row.revokedAt ?? [])
      .toSorted()
      .at(-1) ?? null;
  const status = statusOf(inForce !== undefined, revokedAt !== null);
  return {
    row: {
      ...newPlantRow({ plantId, name: plantId, authMethod: 'MTLS' }, now.toISOString()),
      status,
      revokedAt: status === 'REVOKED' ? revokedAt : null,
    },
    certificates: rows.map(({ one, row }) => ({
      row,
      privateKeyPem: one.privateKeyPem,
      credential: {
        credentialId: randomUUID(),
        plantId,
        authMethod: 'MTLS',
        state: stateOf(row),
        certificateSerialNumber: row.serialNumber,
        passwordHash: null,
        createdAt: row.notBefore,
        expiresAt: row.notAfter,
      },
    })),
  };
}

function statusOf(isInForce: boolean, wasRevoked: boolean): PlantStatus {
  if (isInForce) return 'ACTIVE';
  return wasRevoked ? 'REVOKED' : 'PENDING';
}
