import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { RegisterPageRow, RegisterPageTable } from '../rows/register-pages.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, updateRow } from './sql.ts';

const columns = [
  'pageId',
  'authorityId',
  'position',
  'entryCount',
  'revokedCount',
  'lastNotAfter',
] as const satisfies readonly (keyof RegisterPageRow)[];

export function registerPageTable(db: Database, sealer: Sealer): RegisterPageTable {
  const rows = sealedRows<RegisterPageRow>(db, sealer, 'registerPages', columns);
  const byId = rows.select<[string]>('WHERE pageId = ?');
  // These read nothing of the entries, which are most of a row.
  const ids = db
    .prepare<[string], string>('SELECT pageId FROM registerPages WHERE authorityId = ? ORDER BY position')
    .pluck();
  const revokedCount = db
    .prepare<[string], number>('SELECT coalesce(sum(revokedCount), 0) FROM registerPages WHERE authorityId = ?')
    .pluck();
  const lastNotAfter = db
    .prepare<[string], string | null>('SELECT max(lastNotAfter) FROM registerPages WHERE authorityId = ?')
    .pluck();
  const insert = db.prepare(insertInto('registerPages', [...columns, 'entries']));
  const replace = db.prepare(updateRow('registerPages', 'pageId', [...columns, 'entries']));
  const forget = db.prepare('DELETE FROM registerPages WHERE authorityId = ?');
  const write = (statement: typeof insert, row: RegisterPageRow, entries: string): void => {
    const sealed = rows.sealed(row.pageId, 'entries', entries);
    rows.write(row.pageId, () => statement.run({ ...row, entries: sealed }));
  };
  return {
    insert: (row, entries) => write(insert, row, entries),
    replace: (row, entries) => write(replace, row, entries),
    ids: (authorityId) => ids.all(authorityId),
    get: (pageId) => byId.get(pageId),
    revokedCount: (authorityId) => revokedCount.get(authorityId) ?? 0,
    lastNotAfter: (authorityId) => lastNotAfter.get(authorityId) ?? undefined,
    entries: (pageId) => {
      const entries = rows.secret(pageId, 'entries');
      if (entries === undefined) throw new ConsoleError('vault/damaged', { because: 'a page of a register is gone' });
      return entries;
    },
    forget: (authorityId) => {
      forget.run(authorityId);
    },
  };
}
