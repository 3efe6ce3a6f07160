import type { PlantId } from '../../../shared/model/plant.ts';
import type { TokenKeyState } from '../../../shared/model/token-key.ts';
import type { Timestamp } from './timestamp.ts';

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
