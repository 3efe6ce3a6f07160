import type { Database } from 'better-sqlite3';
import type { WithdrawalRow, WithdrawalTable } from '../rows/plants.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';

/** No foreign key: a withdrawal outlives its plant. */
export function withdrawalTable(db: Database, sealer: Sealer): WithdrawalTable {
  const rows = sealedRows<WithdrawalRow>(db, sealer, 'withdrawals', ['plantId', 'withdrawnUntil']);
  const put = db.prepare<[WithdrawalRow]>(
    `INSERT INTO withdrawals (plantId, withdrawnUntil) VALUES (@plantId, @withdrawnUntil)
     ON CONFLICT (plantId) DO UPDATE SET withdrawnUntil = max(withdrawnUntil, excluded.withdrawnUntil)`,
  );
  const byPlant = rows.select<[string]>('WHERE plantId = ?');
  const set = db.prepare('UPDATE withdrawals SET withdrawnUntil = ? WHERE plantId = ?');
  const remove = db.prepare('DELETE FROM withdrawals WHERE plantId = ?');
  const lasting = rows.select<[string]>('WHERE withdrawnUntil > ? ORDER BY plantId');

  return {
    put: (row) => {
      rows.write(row.plantId, () => put.run(row));
    },
    get: (plantId) => byPlant.get(plantId),
    putBack: (plantId, withdrawnUntil) => {
      rows.write(plantId, () => (withdrawnUntil === null ? remove.run(plantId) : set.run(withdrawnUntil, plantId)));
    },
    listAt: (at) => lasting.all(at),
  };
}
