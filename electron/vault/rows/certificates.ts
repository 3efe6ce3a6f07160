import type {
  CertificateKind,
  CertificateState,
  KeyAlgorithm,
  RevocationReason,
} from '../../../shared/model/certificate.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

export type CertificateRow = {
  readonly serialNumber: string;
  readonly authorityId: string;
  readonly kind: CertificateKind;
  readonly subject: string;
  readonly subjectAltNames: readonly string[];
  readonly plantId: PlantId | null;
  readonly brokerId: string | null;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly certificatePem: string;
  readonly fingerprint: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  readonly state: CertificateState;
  readonly revokedAt: Timestamp | null;
  readonly revocationReason: RevocationReason | null;
  /** Since when its key must be taken for lost, where that is known (RFC 5280, 5.3.2). */
  readonly invalidityDate: Timestamp | null;
  readonly createdAt: Timestamp;
};

export type NewCertificate = Omit<CertificateRow, 'invalidityDate'> & { readonly invalidityDate?: Timestamp | null };

export type CertificateTable = {
  /**
   * `privateKeyPem` is kept for the console's and the brokers' own certificates, and for those that came with their
   * authority; the key of a plant's certificate that was made here belongs to its credential.
   */
  insert(row: NewCertificate, privateKeyPem?: string): void;
  get(serialNumber: string): CertificateRow | undefined;
  /** All that certify this key (platform/key-thumbprint.ts), revoked ones too. */
  listByKey(thumbprint: string): CertificateRow[];
  privateKeyPem(serialNumber: string): string | undefined;
  list(filter?: {
    kind?: CertificateKind | undefined;
    state?: CertificateState | undefined;
    plantId?: PlantId | undefined;
    brokerId?: string | undefined;
    authorityId?: string | undefined;
    limit?: number | undefined;
    offset?: number | undefined;
  }): { items: CertificateRow[]; total: number };
  /** All of an authority, or those in one state, a page at a time: the next ones behind `after`, as they were stored. */
  listBehind(
    filter: { readonly authorityId: string; readonly state?: CertificateState | undefined },
    after: string | undefined,
    limit: number,
  ): CertificateRow[];
  /**
   * When the last certificate of this authority ends that somebody connects with; undefined when it has issued none.
   * Those of documents last as long as the authority, and nobody looks them up in a CRL.
   */
  lastNotAfter(authorityId: string): Timestamp | undefined;
  setState(serialNumber: string, state: CertificateState): void;
  revoke(serialNumber: string, at: Timestamp, reason: RevocationReason, invalidityDate?: Timestamp | null): void;
  /** Only while no CRL that names it has left the console. */
  takeRevocationBack(serialNumber: string, state: Exclude<CertificateState, 'revoked'>): void;
};

/** A revocation that no broker and nobody else has heard of yet. */
export type OpenRevocationRow = {
  readonly plantId: PlantId;
  readonly revokedAt: Timestamp;
  /** What must hold again when it is taken back, as the revoking operation's own JSON. */
  readonly stateBefore: string;
};

/** The same of one certificate that has no plant. */
export type OpenCertificateRevocationRow = {
  readonly serialNumber: string;
  readonly authorityId: string;
  readonly revokedAt: Timestamp;
  /** Null where only its serial number is known. */
  readonly stateBefore: Exclude<CertificateState, 'revoked'> | null;
};

export type OpenCertificateRevocationTable = {
  get(serialNumber: string): OpenCertificateRevocationRow | undefined;
  /** The oldest first. */
  list(): OpenCertificateRevocationRow[];
  insert(row: OpenCertificateRevocationRow): void;
  delete(serialNumber: string): void;
};

export type OpenRevocationTable = {
  get(plantId: PlantId): OpenRevocationRow | undefined;
  /** The oldest first. */
  list(): OpenRevocationRow[];
  put(row: OpenRevocationRow): void;
  delete(plantId: PlantId): void;
};
