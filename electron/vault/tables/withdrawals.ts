import type { Database } from 'better-sqlite3';
import type { WithdrawalRow, WithdrawalTable } from '../rows.ts';

/** No foreign key: a withdrawal outlives its plant. */
export function withdrawalTable(db: Database): WithdrawalTable {
  const put = db.prepare<[WithdrawalRow]>(
    `INSERT INTO withdrawals (plantId, withdrawnUntil) VALUES (@plantId, @withdrawnUntil)
     ON CONFLICT (plantId) DO UPDATE SET withdrawnUntil = max(withdrawnUntil, excluded.withdrawnUntil)`,
  );
  const listAt = db.prepare<[string], WithdrawalRow>(
    'SELECT plantId, withdrawnUntil FROM withdrawals WHERE withdrawnUntil > ? ORDER BY plantId',
  );

  return {
    put: (row) => {
      put.run(row);
    },
    listAt: (at) => listAt.all(at),
  };
}
