// What an adopted authority had issued and nobody has a certificate of any more: it can be looked up, and revoked.

import type { Authority } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RegisteredCertificate, RegisterState } from '../../shared/model/register.ts';
import type { RegisterEntry } from '../authority/import/register.ts';
import { prepareRegisteredRevocation, prepareTakingRegisteredBack, viewAuthority } from './authority.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { openCertificateRevocation, openlyRevoked } from './open-revocations.ts';
import { eachRegisterPage, type RegisterPage, replaceEntry } from './register-pages.ts';
import { type RevocationWords, refuseDayToCome } from './revocation-words.ts';

export type RegisterFilter = {
  readonly query?: string | undefined;
  readonly state?: RegisterState | undefined;
  readonly limit: number;
  readonly offset: number;
};

/** In the order of the register. */
export async function listRegister(
  context: OperationContext,
  { query = '', state, limit, offset }: RegisterFilter,
): Promise<{ items: RegisteredCertificate[]; total: number }> {
  const now = timestamp(context);
  const open = openlyRevoked(context);
  const sought = query.toLowerCase();
  const items: RegisteredCertificate[] = [];
  let total = 0;
  for await (const { entries } of allPages(context)) {
    for (const entry of entries) {
      if (!entry.subject.toLowerCase().includes(sought) && !entry.serialNumber.startsWith(sought)) continue;
      const shown = view(entry, now, open);
      if (state !== undefined && shown.state !== state) continue;
      if (total >= offset && items.length < limit) items.push(shown);
      total += 1;
    }
  }
  return { items, total };
}

/**
 * Throws `authority/not-registered`, `authority/registered-revoked`, and `input/invalid` for a key that will be lost some
 * day.
 */
export async function revokeRegistered(
  context: OperationContext,
  serialNumber: string,
  { reason, invalidityDate }: RevocationWords,
): Promise<Authority> {
  refuseDayToCome(context, invalidityDate);
  await context.exclusively(async () => {
    const { page, entry } = await find(context, serialNumber.toLowerCase());
    if (entry.revocation) throw new ConsoleError('authority/registered-revoked', { details: { serialNumber } });
    const { authorityId } = page.row;
    const revocation = {
      serialNumber: entry.serialNumber,
      revokedAt: context.clock.now(),
      reason,
      invalidityDate: invalidityDate === undefined ? null : new Date(invalidityDate),
    };
    const storeCrl = await prepareRegisteredRevocation(context, authorityId, revocation);
    context.vault.transaction(() => {
      replaceEntry(context.vault, page, { ...entry, revocation });
      storeCrl();
      context.vault.openCertificateRevocations.insert({
        serialNumber: entry.serialNumber,
        authorityId,
        revokedAt: revocation.revokedAt.toISOString(),
        stateBefore: null,
      });
      audit(context, 'register.revoke', entry.serialNumber, {
        subject: entry.subject,
        reason,
        ...(invalidityDate !== undefined && { invalidityDate }),
      });
    });
  });
  context.changed('brokers');
  return viewAuthority(context);
}

/** Throws `authority/not-registered`, and `authority/revocation-left` once somebody outside may know of it. */
export async function takeRegisteredRevocationBack(
  context: OperationContext,
  serialNumber: string,
): Promise<Authority> {
  await context.exclusively(async () => {
    const { page, entry } = await find(context, serialNumber.toLowerCase());
    const open = openCertificateRevocation(context, entry.serialNumber);
    const storeCrl = await prepareTakingRegisteredBack(context, open);
    context.vault.transaction(() => {
      // A CRL is signed meanwhile: what was open may have left.
      openCertificateRevocation(context, entry.serialNumber);
      replaceEntry(context.vault, page, { ...entry, revocation: undefined });
      storeCrl();
      context.vault.openCertificateRevocations.delete(entry.serialNumber);
      audit(context, 'register.revoke-undo', entry.serialNumber, { subject: entry.subject });
    });
  });
  context.changed('brokers');
  return viewAuthority(context);
}

async function* allPages({ vault }: OperationContext): AsyncGenerator<RegisterPage, void, undefined> {
  for (const { authorityId } of vault.authorities.list()) yield* eachRegisterPage(vault, authorityId);
}

async function find(
  context: OperationContext,
  serialNumber: string,
): Promise<{ readonly page: RegisterPage; readonly entry: RegisterEntry }> {
  for await (const page of allPages(context)) {
    const entry = page.entries.find((one) => one.serialNumber === serialNumber);
    if (entry) return { page, entry };
  }
  throw new ConsoleError('authority/not-registered', { details: { serialNumber } });
}

function view(
  { serialNumber, subject, notAfter, revocation }: RegisterEntry,
  now: string,
  open: ReadonlySet<string>,
): RegisteredCertificate {
  const end = notAfter.toISOString();
  return {
    serialNumber,
    subject,
    notAfter: end,
    state: revocation ? 'revoked' : end > now ? 'valid' : 'expired',
    revokedAt: revocation?.revokedAt.toISOString() ?? null,
    revocationReason: revocation?.reason ?? null,
    invalidityDate: revocation?.invalidityDate?.toISOString() ?? null,
    revocationIsOpen: open.has(serialNumber),
  };
}
