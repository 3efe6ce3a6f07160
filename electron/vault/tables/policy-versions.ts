import type { Database } from 'better-sqlite3';
import type { PolicyVersionRow, PolicyVersionTable } from '../rows/policy-versions.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto } from './sql.ts';

const columns = ['version', 'note', 'author', 'savedAt', 'text'] as const satisfies readonly (keyof PolicyVersionRow)[];
const listColumns = ['version', 'note', 'author', 'savedAt'] as const satisfies readonly (keyof PolicyVersionRow)[];

export function policyVersionTable(db: Database, sealer: Sealer): PolicyVersionTable {
  const rows = sealedRows<PolicyVersionRow>(db, sealer, 'policyVersions', columns);
  const heads = sealedRows<Omit<PolicyVersionRow, 'text'>>(db, sealer, 'policyVersions', listColumns);
  const newestFirst = heads.select<[]>('ORDER BY version DESC');
  const byVersion = rows.select<[number]>('WHERE version = ?');
  const insert = db.prepare(insertInto('policyVersions', columns));
  const next = db.prepare<[], number>('SELECT coalesce(max(version), 0) + 1 FROM policyVersions').pluck();

  return {
    insert: db.transaction((row) => {
      const version = next.get() ?? 1;
      rows.write(String(version), () => insert.run({ ...row, version }));
      return version;
    }),
    list: () => newestFirst.all(),
    get: (version) => byVersion.get(version),
  };
}
