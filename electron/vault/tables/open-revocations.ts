import type { Database } from 'better-sqlite3';
import type { OpenRevocationRow, OpenRevocationTable } from '../rows/certificates.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto } from './sql.ts';

const columns = ['plantId', 'revokedAt', 'stateBefore'] as const satisfies readonly (keyof OpenRevocationRow)[];

/** One row a plant: its newest revocation. */
export function openRevocationTable(db: Database, sealer: Sealer): OpenRevocationTable {
  const rows = sealedRows<OpenRevocationRow>(db, sealer, 'openRevocations', columns);
  const byPlant = rows.select<[string]>('WHERE plantId = ?');
  const all = rows.select<[]>('ORDER BY revokedAt, plantId');
  const put = db.prepare(insertInto('openRevocations', columns).replace('INSERT', 'INSERT OR REPLACE'));
  const deleteOne = db.prepare('DELETE FROM openRevocations WHERE plantId = ?');
  return {
    get: (plantId) => byPlant.get(plantId),
    list: () => all.all(),
    put: (row) => {
      rows.write(row.plantId, () => put.run(row));
    },
    delete: (plantId) => {
      rows.write(plantId, () => deleteOne.run(plantId));
    },
  };
}
