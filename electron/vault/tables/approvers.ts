import type { Database } from 'better-sqlite3';
import type { ApproverRow, ApproverTable } from '../rows/campaigns.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { mustChange } from './sql.ts';

/** Names in any case. `insert` throws `campaign/approver-exists`, `delete` `campaign/approver-not-found`. */
export function approverTable(db: Database, sealer: Sealer): ApproverTable {
  const rows = sealedRows<ApproverRow>(db, sealer, 'approvers', ['name', 'createdAt']);
  const insert = db.prepare(
    'INSERT INTO approvers (name, verifier, createdAt) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
  );
  const all = rows.select<[]>('ORDER BY name');
  const byName = rows.select<[string]>('WHERE name = ?');
  const remove = db.prepare('DELETE FROM approvers WHERE name = ?');
  return {
    insert: ({ name, createdAt }, verifier) => {
      const sealed = rows.sealed(name, 'verifier', verifier);
      mustChange(
        rows.write(name, () => insert.run(name, sealed, createdAt)),
        'campaign/approver-exists',
      );
    },
    list: () => all.all(),
    get: (name) => byName.get(name),
    verifier: (name) => {
      const known = byName.get(name);
      return known && rows.secret(known.name, 'verifier');
    },
    delete: (name) => mustChange(remove.run(name), 'campaign/approver-not-found'),
  };
}
