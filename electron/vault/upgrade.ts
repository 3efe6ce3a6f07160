// Brings a vault to the newest schema once its key is known: rows are checked under the old one and sealed under the new
// one, in one transaction. Before version 4 rows had no seals. Whoever sets a sealed vault back to such a version would
// have the console seal whatever was edited, so the audit trail's sealed head says that this vault has seals.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { hasCode } from './failures.ts';
import { migrate, newestVersion } from './migrations/migrate.ts';
import { checkAllRows, sealAllRows } from './row-seals.ts';
import type { Sealer } from './sealing.ts';
import { markRowsSealed } from './tables/audit-trail.ts';
import { wrapDeviceLogins } from './wrap-device-logins.ts';

const firstSealedVersion = 4;
const firstWithWrappedLogins = 8;

/** Throws `vault/damaged`, and then changes nothing. */
export function upgrade(db: Database, sealer: Sealer): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version === newestVersion()) return;
  db.transaction(() => {
    if (version < firstSealedVersion) markRowsSealed(db, sealer);
    else for (const _ of checkAllRows(db, sealer));
    try {
      migrate(db);
    } catch (error) {
      if (!hasCode(error, 'SQLITE_CONSTRAINT_CHECK')) throw error;
      throw new ConsoleError('vault/damaged', { because: 'it holds what no console wrote', cause: error });
    }
    if (version < firstWithWrappedLogins) wrapDeviceLogins(db, sealer);
    sealAllRows(db, sealer);
  })();
}
