import { randomUUID } from 'node:crypto';
import {
  type Authority,
  type AuthorityKeyAlgorithm,
  type Certificate,
  type CertificateState,
  crlStateAt,
  defaultCrlDays,
  type RevocationReason,
} from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { buildCrl } from '../authority/crl.ts';
import type { RevokedCertificate } from '../authority/crl-entries.ts';
import { type CreatedAuthority, createAuthority } from '../authority/root.ts';
import { generateTokenKey } from '../credentials/tokens.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { AuthorityRow, NewAuthority } from '../vault/rows/authorities.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import { hasKey, isAuthorityLost, signingIssuer } from './authority-key.ts';
import { certificatePages } from './certificate-pages.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { joinCrls, layCrl } from './crl-bodies.ts';
import { withLeavingCrls } from './open-revocations.ts';
import { lastEndOf, registerRevocations } from './register-pages.ts';

/** The authority as something to work with. Throws `authority/absent`, or `authority/key-missing` for one that is lost. */
export const requireAuthority = (context: OperationContext): AuthorityRow =>
  currentAuthority(context, 'authority/absent');

/** The authority as something to look at. Throws `authority/not-found`, or `authority/key-missing` for one that is lost. */
export const readAuthority = (context: OperationContext): AuthorityRow =>
  currentAuthority(context, 'authority/not-found');

function currentAuthority(
  context: OperationContext,
  otherwise: 'authority/absent' | 'authority/not-found',
): AuthorityRow {
  const authority = context.vault.authorities.current();
  if (authority) return authority;
  throw new ConsoleError(isAuthorityLost(context) ? 'authority/key-missing' : otherwise);
}

/** Those that brokers trust, the one that issues first; of the others, those that still live. Throws `authority/absent`. */
export function trustedAuthorities(context: OperationContext): [AuthorityRow, ...AuthorityRow[]] {
  const current = requireAuthority(context);
  const now = timestamp(context);
  const others = context.vault.authorities
    .list()
    .filter(({ state, notAfter }) => (state === 'next' || state === 'retiring') && notAfter > now);
  return [current, ...others];
}

/** Those that a plant shall trust a broker's certificate by: not one whose key is in other hands. */
export const authoritiesForPlants = (context: OperationContext): AuthorityRow[] =>
  trustedAuthorities(context).filter(({ isCompromised }) => !isCompromised);

/**
 * Those whose CRL goes on, the one that issues first: somebody may trust a retired authority until the last certificate
 * that it issued has ended.
 */
export function authoritiesWithCrl(context: OperationContext): AuthorityRow[] {
  const now = timestamp(context);
  const retired = context.vault.authorities.list().filter(({ state, authorityId }) => {
    const end = state === 'retired' ? lastEndOf(context.vault, authorityId) : undefined;
    return end !== undefined && end > now;
  });
  return [...trustedAuthorities(context), ...retired];
}

/** What a plant trusts brokers by, as one file. Throws `authority/not-found`. */
export function authorityFile(context: OperationContext): string {
  readAuthority(context);
  return joinPems(authoritiesForPlants(context).map(({ certificatePem }) => certificatePem));
}

/** Every CRL that goes on, as one file that leaves the console. Throws `authority/not-found`. */
export async function takeCrlOut(context: OperationContext): Promise<Buffer<ArrayBuffer>> {
  readAuthority(context);
  return await withLeavingCrls(context, () => authoritiesWithCrl(context), joinCrls);
}

type AuthorityInput = {
  readonly subject: string;
  readonly keyAlgorithm: AuthorityKeyAlgorithm;
  readonly validityDays: number;
};

/**
 * Makes the authority with an empty CRL, and the key that signs tokens.
 * Throws `authority/exists`, `authority/key-missing` where one is lost, `authority/invalid-subject`.
 */
export async function establishAuthority(context: OperationContext, input: AuthorityInput): Promise<Authority> {
  const { vault } = context;
  const refuseSecond = () => {
    if (vault.authorities.current()) throw new ConsoleError('authority/exists');
    if (isAuthorityLost(context)) throw new ConsoleError('authority/key-missing');
  };
  refuseSecond();
  const [authority, tokenKey] = await Promise.all([
    createAuthority({ ...input, now: context.clock.now() }),
    generateTokenKey(),
  ]);
  const now = timestamp(context);
  const authorityId = randomUUID();
  const crl = await layCrl(vault, authorityId, authority.crl.crlPem);
  vault.transaction(() => {
    refuseSecond();
    crl.finish();
    vault.authorities.insert(
      authorityRowOf(authority, { authorityId, keyAlgorithm: input.keyAlgorithm, createdAt: now, ...crl.body }),
      authority.privateKeyPem,
    );
    vault.tokenKeys.insert(
      { keyId: tokenKey.keyId, publicKeyPem: tokenKey.publicSpkiPem, state: 'active', createdAt: now },
      tokenKey.privatePkcs1Pem,
    );
    audit(context, 'authority.create', authority.subject, {
      fingerprint: authority.fingerprint,
      keyAlgorithm: input.keyAlgorithm,
      tokenKeyId: tokenKey.keyId,
    });
  });
  context.changed('authority');
  return viewAuthority(context);
}

/** A new authority as the vault keeps it. */
export const authorityRowOf = (
  authority: CreatedAuthority,
  rest: Pick<NewAuthority, 'authorityId' | 'keyAlgorithm' | 'createdAt' | 'crlBodyId' | 'crlPartCount'>,
): NewAuthority => ({
  ...rest,
  subject: authority.subject,
  certificatePem: authority.certificatePem,
  serialNumber: authority.serialNumber,
  fingerprint: authority.fingerprint,
  notBefore: authority.notBefore.toISOString(),
  notAfter: authority.notAfter.toISOString(),
  crlNumber: authority.crl.number,
  crlThisUpdate: authority.crl.thisUpdate.toISOString(),
  crlNextUpdate: authority.crl.nextUpdate.toISOString(),
});

/** Throws `authority/not-found`. */
export function viewAuthority(context: OperationContext): Authority {
  const row = readAuthority(context);
  return {
    subject: row.subject,
    keyAlgorithm: row.keyAlgorithm,
    serialNumber: row.serialNumber,
    fingerprint: row.fingerprint,
    notBefore: row.notBefore,
    notAfter: row.notAfter,
    crl: {
      number: String(row.crlNumber),
      thisUpdate: row.crlThisUpdate,
      nextUpdate: row.crlNextUpdate,
      state: crlStateAt({ thisUpdate: row.crlThisUpdate, nextUpdate: row.crlNextUpdate }, context.clock.now()),
      revokedCount: revokedCount(context, row),
      nextUpdateDays: crlDays(context),
    },
  };
}

export function viewCertificate(row: CertificateRow): Certificate {
  const { authorityId: _authority, brokerId: _broker, certificatePem: _pem, createdAt: _created, ...view } = row;
  return { ...view, subjectAltNames: [...view.subjectAltNames] };
}

/** What a CRL may be late by is the operator's to say: how often somebody visits the sites. */
const crlDaysSetting = 'crl.nextUpdateDays';

export const crlDays = ({ vault }: OperationContext): number =>
  Number(vault.settings.get(crlDaysSetting) ?? defaultCrlDays);

const revokedCount = ({ vault }: OperationContext, { authorityId }: AuthorityRow): number =>
  vault.certificates.list({ authorityId, state: 'revoked', limit: 1 }).total +
  vault.registerPages.revokedCount(authorityId);

/** What a CRL says of the certificates in the vault, but for those that are taken back. */
async function revokedEntries(
  { vault }: OperationContext,
  { authorityId }: AuthorityRow,
  isBack: ReadonlySet<string>,
): Promise<RevokedCertificate[]> {
  const entries: RevokedCertificate[] = [];
  for await (const page of certificatePages(vault, { authorityId, state: 'revoked' })) {
    for (const { serialNumber, revokedAt, revocationReason, invalidityDate } of page) {
      if (isBack.has(serialNumber) || revokedAt === null) continue;
      entries.push({
        serialNumber,
        revokedAt: new Date(revokedAt),
        reason: revocationReason ?? 'unspecified',
        invalidityDate: invalidityDate === null ? null : new Date(invalidityDate),
      });
    }
  }
  return entries;
}

/** A certificate that is about to be revoked; it need not be stored yet. */
type Revocable = Pick<CertificateRow, 'serialNumber' | 'authorityId'>;

type Revocation = { readonly reason: RevocationReason; readonly invalidityDate?: string | null };

/**
 * Signs CRLs that also hold these certificates, one an issuer. The answer revokes them and stores the CRLs: call it
 * inside the transaction that makes the revocation true. Without certificates there is nothing to do.
 */
export async function prepareRevocations(
  context: OperationContext,
  certificates: readonly Revocable[],
  revocation: Revocation,
): Promise<() => void> {
  const byIssuer = Map.groupBy(certificates, ({ authorityId }) => authorityId);
  const stores: (() => void)[] = [];
  for (const [authorityId, revoked] of byIssuer) {
    stores.push(await prepareChange(context, authorityId, { revoked, revocation }));
  }
  return () => {
    for (const store of stores) store();
  };
}

/** Signs CRLs that no longer hold these certificates, like `prepareRevocations`; states are for afterwards. */
export async function prepareTakingBack(
  context: OperationContext,
  certificates: readonly (Revocable & { readonly state: Exclude<CertificateState, 'revoked'> })[],
): Promise<() => void> {
  const byIssuer = Map.groupBy(certificates, ({ authorityId }) => authorityId);
  const stores: (() => void)[] = [];
  for (const [authorityId, back] of byIssuer) {
    stores.push(await prepareChange(context, authorityId, { back }));
  }
  return () => {
    for (const { serialNumber, state } of certificates) {
      context.vault.certificates.takeRevocationBack(serialNumber, state);
    }
    for (const store of stores) store();
  };
}

/**
 * The next CRL of this issuer. Of one that was given up and whose key is gone there is none any more: what it issued is
 * refused everywhere together with it. Throws `authority/key-missing` for one that was not given up.
 */
async function prepareChange(context: OperationContext, authorityId: string, change: CrlChange): Promise<() => void> {
  const authority = context.vault.authorities.get(authorityId);
  if (authority && (!authority.isCompromised || hasKey(context, authority))) {
    return await prepareCrl(context, authority, change);
  }
  requireAuthority(context);
  const now = context.clock.now();
  return () => {
    revokeIn(context, change, now);
    audit(context, 'crl.unsigned', authority?.subject ?? authorityId);
  };
}

/**
 * Every list that can be signed, with a new number and new dates; a push brings them to the brokers.
 * Throws `authority/not-found`, `authority/key-missing` where the one that issues cannot sign.
 */
export async function renewCrl(context: OperationContext): Promise<Authority> {
  readAuthority(context);
  await context.exclusively(async () => {
    const stores: (() => void)[] = [];
    const authorities = authoritiesWithCrl(context).filter((one) => one.state === 'current' || hasKey(context, one));
    for (const authority of authorities) stores.push(await prepareCrl(context, authority));
    context.vault.transaction(() => {
      for (const store of stores) store();
    });
  });
  context.changed('brokers');
  return viewAuthority(context);
}

/** How long CRLs are good for from now on; the lists are published anew with it. Throws `authority/not-found`. */
export async function setCrlDays(context: OperationContext, nextUpdateDays: number): Promise<Authority> {
  readAuthority(context);
  context.vault.transaction(() => {
    context.vault.settings.set(crlDaysSetting, String(nextUpdateDays));
    audit(context, 'crl.policy', crlDaysSetting, { nextUpdateDays });
  });
  return await renewCrl(context);
}

type CrlChange = {
  readonly revoked?: readonly Revocable[];
  readonly revocation?: Revocation;
  readonly back?: readonly Revocable[];
  /** Of certificates that are known by their serial number only; whoever asks stores them. */
  readonly registered?: readonly RevokedCertificate[];
  /** A number that another CRL has. */
  readonly beyond?: bigint;
};

/** Signs a CRL that also revokes this certificate, of which the register knows; the answer stores the CRL. */
export const prepareRegisteredRevocation = (
  context: OperationContext,
  authorityId: string,
  revoked: RevokedCertificate,
): Promise<() => void> => prepareChange(context, authorityId, { registered: [revoked] });

/** The same without it again. */
export const prepareTakingRegisteredBack = (context: OperationContext, certificate: Revocable): Promise<() => void> =>
  prepareChange(context, certificate.authorityId, { back: [certificate] });

/** Signs a CRL of a greater number than this one, which also revokes these; whoever asks stores them. */
export const prepareCrlBeyond = (
  context: OperationContext,
  authorityId: string,
  { number, registered }: { readonly number: bigint; readonly registered: readonly RevokedCertificate[] },
): Promise<() => void> => prepareChange(context, authorityId, { registered, beyond: number });

const unspecified: Revocation = { reason: 'unspecified' };

function revokeIn({ vault }: OperationContext, { revoked = [], revocation = unspecified }: CrlChange, now: Date): void {
  const { reason, invalidityDate = null } = revocation;
  for (const { serialNumber } of revoked) {
    vault.certificates.revoke(serialNumber, now.toISOString(), reason, invalidityDate);
  }
}

async function prepareCrl(
  context: OperationContext,
  authority: AuthorityRow,
  change: CrlChange = {},
): Promise<() => void> {
  const now = context.clock.now();
  const { revoked = [], revocation = unspecified, back = [], registered = [], beyond = 0n } = change;
  const { reason, invalidityDate = null } = revocation;
  const isBack = new Set(back.map(({ serialNumber }) => serialNumber));
  const known = await registerRevocations(context.vault, authority.authorityId);
  const crl = await buildCrl({
    authority: signingIssuer(context, authority),
    entries: [
      ...known.filter(({ serialNumber }) => !isBack.has(serialNumber)),
      ...registered,
      ...(await revokedEntries(context, authority, isBack)),
      ...revoked.map(({ serialNumber }) => ({
        serialNumber,
        revokedAt: now,
        reason,
        invalidityDate: invalidityDate === null ? null : new Date(invalidityDate),
      })),
    ],
    number: (authority.crlNumber > beyond ? authority.crlNumber : beyond) + 1n,
    lastThisUpdate: new Date(authority.crlThisUpdate),
    nextUpdateDays: crlDays(context),
    now,
  });
  const laid = await layCrl(context.vault, authority.authorityId, crl.crlPem);
  return () => {
    revokeIn(context, change, now);
    laid.finish();
    context.vault.authorities.updateCrl(authority.authorityId, {
      ...laid.body,
      crlNumber: crl.number,
      crlThisUpdate: crl.thisUpdate.toISOString(),
      crlNextUpdate: crl.nextUpdate.toISOString(),
    });
    audit(context, 'crl.publish', authority.subject, { number: String(crl.number) });
    context.changed('authority');
  };
}
