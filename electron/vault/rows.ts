// What the vault keeps, as the operations see it: one table object a noun, rows in the words of the design.
// Secrets go in and come out as plain text here; between this interface and the file they are sealed,
// each bound to its table, row and column. A table's plain rows never carry a secret: it is asked for by name.

import type { BrokerListeners, BrokerTarget } from '../../shared/model/broker.ts';
import type { CampaignRowState, CampaignSettings, CampaignState, PauseReason } from '../../shared/model/campaign.ts';
import type {
  AuthorityState,
  CertificateKind,
  CertificateState,
  HeldAuthorityKeyAlgorithm,
  KeyAlgorithm,
  RevocationReason,
} from '../../shared/model/certificate.ts';
import type {
  DeviceFile,
  DeviceHostRole,
  DeviceRights,
  DeviceTransport,
  JumpHostAddress,
} from '../../shared/model/device.ts';
import type { AuthMethod, PlantId, PlantStatus } from '../../shared/model/plant.ts';
import type { CredentialState } from '../../shared/model/provisioning.ts';
import type { TokenKeyState } from '../../shared/model/token-key.ts';

/** ISO 8601 in UTC, as `Date.toISOString` writes it. */
export type Timestamp = string;

export type AuthorityRow = {
  readonly authorityId: string;
  readonly subject: string;
  readonly keyAlgorithm: HeldAuthorityKeyAlgorithm;
  readonly certificatePem: string;
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  readonly crlPem: string;
  readonly crlNumber: number;
  readonly crlThisUpdate: Timestamp;
  readonly crlNextUpdate: Timestamp;
  readonly createdAt: Timestamp;
  readonly state: AuthorityState;
  /** Its key may be in wrong hands: what it signs proves nothing any more. */
  readonly isCompromised: boolean;
  /** Its name and key, certified by another authority of this vault (RFC 4210, 4.4): for who trusts that one only. */
  readonly crossCertificatePem: string | null;
  readonly crossIssuerId: string | null;
  readonly retiredAt: Timestamp | null;
};

/** Current unless it says otherwise. */
export type NewAuthority = Omit<AuthorityRow, keyof AuthorityProgress> & Partial<AuthorityProgress>;

type AuthorityProgress = Pick<
  AuthorityRow,
  'state' | 'isCompromised' | 'crossCertificatePem' | 'crossIssuerId' | 'retiredAt'
>;

export type CrlUpdate = Pick<AuthorityRow, 'crlPem' | 'crlNumber' | 'crlThisUpdate' | 'crlNextUpdate'>;

export type AuthorityTable = {
  /** The authority that issues, or undefined before one is made. */
  current(): AuthorityRow | undefined;
  get(authorityId: string): AuthorityRow | undefined;
  /** Oldest first. */
  list(): AuthorityRow[];
  /** Throws `authority/exists` when there is one in this state already. */
  insert(row: NewAuthority, privateKeyPem: string): void;
  /** Making one current leaves the one before retiring. Throws `authority/not-found`. */
  setState(authorityId: string, state: AuthorityState, at: Timestamp): void;
  setCompromised(authorityId: string): void;
  setCrossCertificate(authorityId: string, certificatePem: string, issuerId: string): void;
  privateKeyPem(authorityId: string): string;
  updateCrl(authorityId: string, crl: CrlUpdate): void;
  /** One that was never more than the next, and its certificates: its import came to nothing. */
  forget(authorityId: string): void;
};

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
  /** When the last certificate of this authority ends; undefined when it has issued none. */
  lastNotAfter(authorityId: string): Timestamp | undefined;
  setState(serialNumber: string, state: CertificateState): void;
  revoke(serialNumber: string, at: Timestamp, reason: RevocationReason, invalidityDate?: Timestamp | null): void;
  /** Only while no CRL that names it has left the console. */
  takeRevocationBack(serialNumber: string, state: Exclude<CertificateState, 'revoked'>): void;
};

/** Certificates that came with an authority and that the console knows by their serial number only, so many to a page. */
export type RegisterPageRow = {
  readonly pageId: string;
  readonly authorityId: string;
  /** From 0. */
  readonly position: number;
  readonly entryCount: number;
  readonly revokedCount: number;
  /** When the last certificate of this page ends. */
  readonly lastNotAfter: Timestamp;
};

export type RegisterPageTable = {
  /** `entries` is the importing operation's own JSON. */
  insert(row: RegisterPageRow, entries: string): void;
  /** The same page with other entries. */
  replace(row: RegisterPageRow, entries: string): void;
  /** In their order. */
  list(authorityId: string): RegisterPageRow[];
  /** Throws `vault/damaged` when the page is gone. */
  entries(pageId: string): string;
  /** All pages of an authority whose import came to nothing. */
  forget(authorityId: string): void;
};

export type PlantRow = {
  readonly plantId: PlantId;
  readonly name: string;
  readonly site: string | null;
  readonly authMethod: AuthMethod;
  readonly username: string;
  readonly status: PlantStatus;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly lastSeenAt: Timestamp | null;
  /** When its access was withdrawn; null unless it is REVOKED. */
  readonly revokedAt: Timestamp | null;
};

export type PlantFilter = {
  readonly status?: PlantStatus | undefined;
  readonly authMethod?: AuthMethod | undefined;
  /** Found in name, site, plant id or username, in any case. */
  readonly query?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
};

export type PlantTable = {
  /** Throws `plant/exists`, or `plant/username-taken` when another plant holds the username. */
  insert(row: PlantRow): void;
  get(plantId: PlantId): PlantRow | undefined;
  list(filter?: PlantFilter): { items: PlantRow[]; total: number };
  /** Throws `plant/username-taken` like insert. */
  update(
    plantId: PlantId,
    change: Partial<
      Pick<PlantRow, 'name' | 'site' | 'authMethod' | 'username' | 'status' | 'updatedAt' | 'lastSeenAt' | 'revokedAt'>
    >,
  ): void;
  delete(plantId: PlantId): void;
};

export type CredentialRow = {
  readonly credentialId: string;
  readonly plantId: PlantId;
  readonly authMethod: AuthMethod;
  readonly state: CredentialState;
  readonly certificateSerialNumber: string | null;
  /** The `$7$` hash that goes into the broker's password file; PASSWORD only. */
  readonly passwordHash: string | null;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp | null;
  readonly handedOverAt: Timestamp | null;
  readonly secretsAvailable: boolean;
  /** The broker that it is for, where that was said; null: the one that was registered first. */
  readonly brokerId: string | null;
};

export type NewCredential = Omit<CredentialRow, 'secretsAvailable' | 'handedOverAt' | 'brokerId'> & {
  readonly brokerId?: string | null;
};

export type CredentialTable = {
  /** `secrets` is the provisioning package as JSON; it stays sealed until `destroySecrets`. */
  insert(row: NewCredential, secrets: string): void;
  get(credentialId: string): CredentialRow | undefined;
  /** Newest first. */
  listForPlant(plantId: PlantId): CredentialRow[];
  /** Of all these plants; newest first. */
  listForPlants(plantIds: readonly PlantId[]): CredentialRow[];
  /** Every credential in one of these states, for rendering a broker's files. */
  listInStates(states: readonly CredentialState[]): CredentialRow[];
  secrets(credentialId: string): string | undefined;
  destroySecrets(credentialId: string, at: Timestamp): void;
  setState(credentialId: string, state: CredentialState): void;
};

/** Which authorities the CA file that belongs to a credential holds. */
export type CredentialTrustTable = {
  /** By credential id; none of a credential from before there was a second authority. */
  listForCredentials(credentialIds: readonly string[]): ReadonlyMap<string, readonly string[]>;
  put(credentialId: string, authorityIds: readonly string[]): void;
};

/** A revocation that no broker and nobody else has heard of yet. */
export type OpenRevocationRow = {
  readonly plantId: PlantId;
  readonly revokedAt: Timestamp;
  /** What must hold again when it is taken back, as the revoking operation's own JSON. */
  readonly stateBefore: string;
};

export type OpenRevocationTable = {
  get(plantId: PlantId): OpenRevocationRow | undefined;
  /** The oldest first. */
  list(): OpenRevocationRow[];
  put(row: OpenRevocationRow): void;
  delete(plantId: PlantId): void;
};

/** The one signing secret of each plant, kept as long as the plant: the monitor checks signatures with it. */
export type SigningSecretTable = {
  get(plantId: PlantId): string | undefined;
  set(plantId: PlantId, secret: string, at: Timestamp): void;
};

export type TokenKeyRow = {
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly state: TokenKeyState;
  readonly createdAt: Timestamp;
};

/** The newest token that a plant was given, and by which key. */
export type TokenIssueRow = {
  readonly plantId: PlantId;
  readonly keyId: string;
  readonly issuedAt: Timestamp;
  readonly expiresAt: Timestamp;
};

export type TokenKeyTable = {
  /** The key that signs. */
  active(): TokenKeyRow | undefined;
  /** Newest first. */
  list(): TokenKeyRow[];
  insert(row: TokenKeyRow, privateKeyPem: string): void;
  /** Making one active leaves the one before trusted. Throws `authority/token-key-not-found`. */
  setState(keyId: string, state: TokenKeyState): void;
  privateKeyPem(keyId: string): string;
  /** Remembers the newest token of a plant; earlier ones are forgotten. */
  noteIssue(row: TokenIssueRow): void;
  issues(): TokenIssueRow[];
};

export type BrokerRow = Readonly<BrokerListeners> & {
  readonly brokerId: string;
  readonly name: string;
  readonly target: BrokerTarget;
  readonly host: string;
  readonly subjectAltNames: readonly string[];
  readonly certificateSerialNumber: string | null;
  readonly createdAt: Timestamp;
  readonly lastPushedAt: Timestamp | null;
  /** SHA-256 over what the register said at the last push; tells whether it has moved on. */
  readonly lastPushDigest: string | null;
  /** When the CRL that the last push brought ends: from then on the broker refuses every certificate. */
  readonly crlNextUpdate: Timestamp | null;
  /** Confirmed SSH host keys on the way to the broker: `host:port` to fingerprint, as in a DeviceRow. */
  readonly hostKeys: Readonly<Record<string, string>>;
};

/** The identity that a broker's probes log in with, by password. Its plant id belongs to no plant. */
export type ProbeAccountRow = {
  readonly brokerId: string;
  readonly plantId: PlantId;
  readonly passwordHash: string;
};

/** The console's own password on a broker that asks for nothing else. */
export type ConsoleAccountRow = {
  readonly brokerId: string;
  readonly passwordHash: string;
};

export type BrokerTable = {
  /** Throws `broker/exists` when the name is taken. */
  insert(row: BrokerRow): void;
  get(brokerId: string): BrokerRow | undefined;
  list(): BrokerRow[];
  update(
    brokerId: string,
    change: Partial<
      Pick<
        BrokerRow,
        | 'name'
        | 'target'
        | 'host'
        | 'subjectAltNames'
        | 'certificateSerialNumber'
        | 'lastPushedAt'
        | 'lastPushDigest'
        | 'crlNextUpdate'
        | 'hostKeys'
      >
    >,
  ): void;
  delete(brokerId: string): void;
  /** What the target is logged in to with: the target's own JSON. */
  targetSecret(brokerId: string): string | undefined;
  /** Undefined forgets it. Throws `broker/not-found`. */
  putTargetSecret(brokerId: string, secret: string | undefined): void;
  /** What the last push wrote, as the pushing operation's own JSON; it may name every user. */
  pushRecord(brokerId: string): string | undefined;
  /** Throws `broker/not-found`. */
  putPushRecord(brokerId: string, record: string): void;
  probeAccount(brokerId: string): ProbeAccountRow | undefined;
  /** Throws when the broker has no probe account. */
  probePassword(brokerId: string): string;
  insertProbeAccount(row: ProbeAccountRow, password: string): void;
  consoleAccount(brokerId: string): ConsoleAccountRow | undefined;
  /** Throws when the broker has no console account. */
  consolePassword(brokerId: string): string;
  insertConsoleAccount(row: ConsoleAccountRow, password: string): void;
};

export type DeviceRow = {
  readonly plantId: PlantId;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: 'password' | 'privateKey' | 'agent';
  /** Absolute directory on the device, normally `/etc/voke`. */
  readonly directory: string;
  readonly transport: DeviceTransport;
  readonly rights: DeviceRights;
  /** `user` or `user:group` of the MQTT client. */
  readonly owner: string | null;
  readonly restartCommand: string | null;
  /** The host that the connection goes through. */
  readonly jump: JumpHostAddress | null;
  readonly jumpHostKeyFingerprint: string | null;
  readonly allowsLegacyAlgorithms: boolean;
  /** SHA-256 of the confirmed host key in base64 without padding, as `ssh-keygen -lf` prints it after `SHA256:`. */
  readonly hostKeyFingerprint: string | null;
  readonly updatedAt: Timestamp;
};

export type DeviceTable = {
  get(plantId: PlantId): DeviceRow | undefined;
  list(): DeviceRow[];
  /** Those whose confirmed host key this is. */
  listByHostKey(fingerprint: string): DeviceRow[];
  /** `secret` is what the device is logged in to with, as JSON; undefined keeps the stored one. */
  put(row: DeviceRow, secret?: string): void;
  loginSecret(plantId: PlantId): string | undefined;
  pinHostKey(plantId: PlantId, role: DeviceHostRole, fingerprint: string, at: Timestamp): void;
  delete(plantId: PlantId): void;
};

/** What is known to lie on a plant's device. */
export type DeviceStateRow = {
  readonly plantId: PlantId;
  /**
   * read: the device told so. lost: it told that it holds nothing, and held a credential before.
   * uncertain: something began there whose end is not known; the rest is what was known before.
   */
  readonly outcome: 'read' | 'lost' | 'uncertain';
  /** When the device last told; null when it never did. */
  readonly seenAt: Timestamp | null;
  /** The plant's credential that lies there. */
  readonly credentialId: string | null;
  readonly files: readonly DeviceFile[];
  readonly certificateFingerprint: string | null;
  readonly previousKept: boolean;
  readonly previousCredentialId: string | null;
};

export type DeviceStateTable = {
  get(plantId: PlantId): DeviceStateRow | undefined;
  listForPlants(plantIds: readonly PlantId[]): DeviceStateRow[];
  put(row: DeviceStateRow): void;
};

/** The files that a credential becomes on a device, known by their hashes also when its secrets are gone. */
export type CredentialFilesRow = {
  readonly credentialId: string;
  readonly plantId: PlantId;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
};

export type CredentialFilesTable = {
  listForPlant(plantId: PlantId): CredentialFilesRow[];
  /** `signingSecret` is what the plant signs its messages with while it holds these files. */
  put(row: CredentialFilesRow, signingSecret: string): void;
  signingSecret(credentialId: string): string | undefined;
};

/** A bundle that left on a stick. */
export type OfflineBundleRow = {
  readonly bundleId: string;
  readonly plantId: PlantId;
  readonly credentialId: string;
  readonly fileName: string;
  /** Of the whole file; hex. */
  readonly sha256: string;
  /** On the device. */
  readonly directory: string;
  readonly keyIsOnDevice: boolean;
  readonly exportedAt: Timestamp;
  /** When its receipt came back, and what it said. */
  readonly importedAt: Timestamp | null;
  readonly receipt: string | null;
};

export type OfflineBundleTable = {
  /** `receiptSecret` is what the bundle's installation authenticates its receipt by. */
  insert(row: Omit<OfflineBundleRow, 'importedAt' | 'receipt'>, receiptSecret: string): void;
  get(bundleId: string): OfflineBundleRow | undefined;
  /** Of this plant, or of all; newest first. */
  list(plantId?: PlantId): OfflineBundleRow[];
  receiptSecret(bundleId: string): string | undefined;
  close(bundleId: string, at: Timestamp, receipt: string): void;
};

export type CampaignRow = {
  readonly campaignId: string;
  readonly name: string;
  readonly state: CampaignState;
  readonly pausedBecause: PauseReason | null;
  /** Why the brokers could not be told. */
  readonly problemCode: string | null;
  readonly problemDetail: string | null;
  readonly settings: CampaignSettings;
  readonly createdBy: string;
  readonly createdAt: Timestamp;
  readonly approvedBy: string | null;
  readonly approvedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
};

/** One plant of a campaign. */
export type CampaignPlantRow = {
  readonly campaignPlantId: string;
  readonly campaignId: string;
  /** From 0, in the order in which they are begun. */
  readonly position: number;
  readonly plantId: PlantId;
  /** As it was when the campaign was planned. */
  readonly plantName: string;
  readonly state: CampaignRowState;
  readonly outcome: 'installed' | 'verified' | null;
  readonly attempts: number;
  /** The credential that the campaign brings. */
  readonly credentialId: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
};

export type CampaignTable = {
  insert(row: CampaignRow, plants: readonly CampaignPlantRow[]): void;
  get(campaignId: string): CampaignRow | undefined;
  /** Newest first. */
  list(): CampaignRow[];
  update(
    campaignId: string,
    change: Partial<
      Pick<
        CampaignRow,
        'state' | 'pausedBecause' | 'problemCode' | 'problemDetail' | 'approvedBy' | 'approvedAt' | 'finishedAt'
      >
    >,
  ): void;
  /** In the order in which they are begun. */
  plants(campaignId: string): CampaignPlantRow[];
  plant(campaignPlantId: string): CampaignPlantRow | undefined;
  /** How many of its plants are in each state; states that none is in are left out. */
  counts(campaignId: string): ReadonlyMap<CampaignRowState, number>;
  updatePlant(
    campaignPlantId: string,
    change: Partial<Omit<CampaignPlantRow, 'campaignPlantId' | 'campaignId' | 'position' | 'plantId' | 'plantName'>>,
  ): void;
};

/** Somebody who may agree to other people's campaigns, by a code of their own. */
export type ApproverRow = { readonly name: string; readonly createdAt: Timestamp };

export type ApproverTable = {
  /** `verifier`: what a code is checked against; never the code. */
  insert(row: ApproverRow, verifier: string): void;
  list(): ApproverRow[];
  get(name: string): ApproverRow | undefined;
  verifier(name: string): string | undefined;
  delete(name: string): void;
};

/** An operation that changes something outside the vault, written before it starts and closed after. */
export type OperationRow = {
  readonly operationId: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'interrupted';
  readonly step: string | null;
  readonly startedAt: Timestamp;
  readonly finishedAt: Timestamp | null;
  readonly errorCode: string | null;
};

export type OperationJournal = {
  start(row: Pick<OperationRow, 'operationId' | 'kind' | 'subject' | 'startedAt'>): void;
  step(operationId: string, step: string): void;
  finish(operationId: string, state: 'succeeded' | 'failed', at: Timestamp, errorCode?: string): void;
  /** At unlock: whatever still runs was cut off by a crash. Marks and returns those rows. */
  markInterrupted(at: Timestamp): OperationRow[];
  /** A running operation ends without its outcome being known: it must be looked after later. */
  interrupt(operationId: string, at: Timestamp, errorCode: string): void;
  /** The outcome of an interrupted operation is known after all. */
  resolve(operationId: string, state: 'succeeded' | 'failed', at: Timestamp): void;
  /** Oldest first. */
  listInterrupted(kind: string): OperationRow[];
  get(operationId: string): OperationRow | undefined;
  list(limit?: number): OperationRow[];
};

export type AuditRow = {
  readonly sequence: number;
  readonly at: Timestamp;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** SHA-256 chain: hash of the previous row's hash and this row's canonical JSON. Hex. */
  readonly hash: string;
};

export type AuditTrail = {
  append(entry: Omit<AuditRow, 'sequence' | 'hash'>): AuditRow;
  list(page?: { limit?: number; offset?: number }): { items: AuditRow[]; total: number };
  head(): string;
  /** The sequence of the first row that does not fit the chain, or undefined when it is whole. Read in slices: a trail grows for ever. */
  firstBroken(): Promise<number | undefined>;
};

/** An identity that a broker must keep muted: something that was issued to it was withdrawn and might still be used. */
export type WithdrawalRow = {
  readonly plantId: PlantId;
  /** When the last of what was withdrawn ends by itself. */
  readonly withdrawnUntil: Timestamp;
};

export type WithdrawalTable = {
  /** A later end replaces an earlier one, never the other way round. */
  put(row: WithdrawalRow): void;
  get(plantId: PlantId): WithdrawalRow | undefined;
  /** What a revocation that was taken back had added is forgotten; null: there was nothing before. */
  putBack(plantId: PlantId, withdrawnUntil: Timestamp | null): void;
  /** Those that still count at this time; plants of theirs may be gone. */
  listAt(at: Timestamp): WithdrawalRow[];
};

export type SettingTable = {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
};

/** An open vault. Every method throws `vault/locked` once it was locked. */
export type OpenVault = {
  readonly authorities: AuthorityTable;
  readonly certificates: CertificateTable;
  readonly registerPages: RegisterPageTable;
  readonly plants: PlantTable;
  readonly credentials: CredentialTable;
  readonly credentialFiles: CredentialFilesTable;
  readonly credentialTrusts: CredentialTrustTable;
  readonly openRevocations: OpenRevocationTable;
  readonly signingSecrets: SigningSecretTable;
  readonly tokenKeys: TokenKeyTable;
  readonly brokers: BrokerTable;
  readonly devices: DeviceTable;
  readonly deviceStates: DeviceStateTable;
  readonly offlineBundles: OfflineBundleTable;
  readonly campaigns: CampaignTable;
  readonly approvers: ApproverTable;
  readonly operations: OperationJournal;
  readonly audit: AuditTrail;
  readonly settings: SettingTable;
  readonly withdrawals: WithdrawalTable;
  /** All or nothing. `work` must not await. */
  transaction<T>(work: () => T): T;
};
