// Certificates that are known by their serial number only, as the vault keeps them: a page is a JSON array of rows
// [serialNumber, subject, notAfter] or, of a revoked one, [… , revokedAt, reason, invalidityDate or null].

import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { revocationReasonSchema } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { timestampSchema } from '../../shared/model/plant.ts';
import type { RevokedCertificate } from '../authority/crl-entries.ts';
import type { IndexedCertificate } from '../authority/export/index-file.ts';
import type { RegisterEntry } from '../authority/import/register.ts';
import type { RegisterPageRow } from '../vault/rows/register-pages.ts';
import type { OpenVault } from '../vault/rows.ts';
import type { OperationContext } from './context.ts';

/** Some 50 kB of JSON: a few milliseconds to write or to read. */
const entriesToAPage = 500;

const known = [z.string(), z.string(), z.string()] as const;
const entrySchema = z.union([
  z.tuple(known),
  z.tuple([...known, timestampSchema, revocationReasonSchema, timestampSchema.nullable()]),
]);
const pageSchema = z.array(entrySchema);
type StoredEntry = z.infer<typeof entrySchema>;

/** A page a transaction. */
export async function storeRegister(
  { vault }: OperationContext,
  authorityId: string,
  register: readonly RegisterEntry[],
): Promise<void> {
  for (let position = 0; position * entriesToAPage < register.length; position++) {
    const entries = register.slice(position * entriesToAPage, (position + 1) * entriesToAPage);
    const json = JSON.stringify(entries.map(toStored));
    // Now and then the database takes its log in with a write, so a write gets a turn of its own.
    await nextTurn();
    vault.registerPages.insert(pageRow(authorityId, position, entries), json);
    await nextTurn();
  }
}

function pageRow(authorityId: string, position: number, entries: readonly RegisterEntry[]): RegisterPageRow {
  const lastEnd = entries.reduce((last, { notAfter }) => Math.max(last, notAfter.getTime()), 0);
  return {
    pageId: `${authorityId}/${position}`,
    authorityId,
    position,
    entryCount: entries.length,
    revokedCount: entries.filter(({ revocation }) => revocation).length,
    lastNotAfter: new Date(lastEnd).toISOString(),
  };
}

function toStored({ serialNumber, subject, notAfter, revocation }: RegisterEntry): StoredEntry {
  const facts = [serialNumber, subject, notAfter.toISOString()] as const;
  if (!revocation) return [...facts];
  const { revokedAt, reason, invalidityDate } = revocation;
  return [...facts, revokedAt.toISOString(), reason, invalidityDate?.toISOString() ?? null];
}

/** When the last certificate of an authority ends, also of those known by serial number only; undefined without any. */
export const lastEndOf = ({ certificates, registerPages }: OpenVault, authorityId: string): string | undefined =>
  [certificates.lastNotAfter(authorityId) ?? [], registerPages.lastNotAfter(authorityId) ?? []]
    .flat()
    .toSorted()
    .at(-1);

/** The revoked ones, as every CRL of the authority must name them. */
export async function registerRevocations(vault: OpenVault, authorityId: string): Promise<RevokedCertificate[]> {
  const revoked: RevokedCertificate[] = [];
  for await (const row of eachRow(vault, authorityId)) {
    if (row.revokedCount === 0) continue;
    for (const { revocation } of entriesOf(vault, row)) if (revocation) revoked.push(revocation);
  }
  return revoked;
}

export type RegisterPage = { readonly row: RegisterPageRow; readonly entries: readonly RegisterEntry[] };

/** Page by page, with a turn of the event loop after each. */
export async function* eachRegisterPage(vault: OpenVault, authorityId: string): AsyncGenerator<RegisterPage> {
  for await (const row of eachRow(vault, authorityId)) yield { row, entries: entriesOf(vault, row) };
}

async function* eachRow({ registerPages }: OpenVault, authorityId: string): AsyncGenerator<RegisterPageRow> {
  for (const pageId of registerPages.ids(authorityId)) {
    const row = registerPages.get(pageId);
    if (row) yield row;
    await nextTurn();
  }
}

const entriesOf = ({ registerPages }: OpenVault, { pageId }: RegisterPageRow): RegisterEntry[] =>
  readPage(registerPages.entries(pageId));

/** All of them, revoked or not, a page at a time, as `index.txt` has them. */
export async function* registerEntries(vault: OpenVault, authorityId: string): AsyncGenerator<IndexedCertificate[]> {
  for await (const { entries } of eachRegisterPage(vault, authorityId)) {
    yield entries.map(({ serialNumber, subject, notAfter, revocation }) => ({
      serialNumber,
      subject,
      notAfter,
      revokedAt: revocation?.revokedAt,
      reason: revocation?.reason,
      invalidityDate: revocation?.invalidityDate ?? undefined,
    }));
  }
}

/** Inside a transaction. */
export function replaceEntry(vault: OpenVault, { row, entries }: RegisterPage, changed: RegisterEntry): void {
  const others = entries.map((entry) => (entry.serialNumber === changed.serialNumber ? changed : entry));
  replacePage(vault, { row, entries: others });
}

/** Inside a transaction. */
export function replacePage({ registerPages }: OpenVault, { row, entries }: RegisterPage): void {
  const { authorityId, position } = row;
  registerPages.replace(pageRow(authorityId, position, entries), JSON.stringify(entries.map(toStored)));
}

/** Inside a transaction: behind those that are there. */
export function addToRegister(
  { registerPages }: OpenVault,
  authorityId: string,
  register: readonly RegisterEntry[],
): void {
  const pages = registerPages.ids(authorityId).length;
  for (let first = 0; first < register.length; first += entriesToAPage) {
    const entries = register.slice(first, first + entriesToAPage);
    const row = pageRow(authorityId, pages + first / entriesToAPage, entries);
    registerPages.insert(row, JSON.stringify(entries.map(toStored)));
  }
}

function readPage(json: string): RegisterEntry[] {
  const page = pageSchema.safeParse(JSON.parse(json));
  if (!page.success) throw new ConsoleError('vault/damaged', { because: 'a page of a register cannot be read' });
  return page.data.map(([serialNumber, subject, notAfter, revokedAt, reason, invalidityDate]) => ({
    serialNumber,
    subject,
    notAfter: new Date(notAfter),
    revocation:
      revokedAt === undefined || reason === undefined
        ? undefined
        : {
            serialNumber,
            revokedAt: new Date(revokedAt),
            reason,
            invalidityDate: invalidityDate ? new Date(invalidityDate) : null,
          },
  }));
}
