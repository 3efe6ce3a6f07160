import type { AuthorityState, HeldAuthorityKeyAlgorithm } from '../../../shared/model/certificate.ts';
import type { Timestamp } from './timestamp.ts';

export type AuthorityRow = {
  readonly authorityId: string;
  readonly subject: string;
  readonly keyAlgorithm: HeldAuthorityKeyAlgorithm;
  readonly certificatePem: string;
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  readonly crlNumber: bigint;
  readonly crlThisUpdate: Timestamp;
  readonly crlNextUpdate: Timestamp;
  /** Its text lies apart (crl-parts.ts), in so many parts. */
  readonly crlBodyId: string;
  readonly crlPartCount: number;
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

export type CrlUpdate = Pick<
  AuthorityRow,
  'crlNumber' | 'crlThisUpdate' | 'crlNextUpdate' | 'crlBodyId' | 'crlPartCount'
>;

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
  /** Throws `authority/key-missing`, also for a key that does not open. */
  privateKeyPem(authorityId: string): string;
  updateCrl(authorityId: string, crl: CrlUpdate): void;
  /** One that was never more than the next, and its certificates: its import came to nothing. */
  forget(authorityId: string): void;
};
