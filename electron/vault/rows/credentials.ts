import type { AuthMethod, PlantId } from '../../../shared/model/plant.ts';
import type { CredentialState } from '../../../shared/model/provisioning.ts';
import type { Timestamp } from './timestamp.ts';

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
  /** The private key of its certificate was made by somebody else, and is there. */
  readonly keyIsElsewhere: boolean;
};

export type NewCredential = Omit<CredentialRow, 'secretsAvailable' | 'handedOverAt' | 'brokerId' | 'keyIsElsewhere'> & {
  readonly brokerId?: string | null;
  readonly keyIsElsewhere?: boolean;
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
  /** The same, by their ids alone and newest first: for whoever reads thousands, one after the other. */
  idsInStates(states: readonly CredentialState[]): string[];
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
