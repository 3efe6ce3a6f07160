import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { monitorSettingsSchema } from '../../../shared/model/monitor-settings.ts';
import { isForeignKeyViolation } from '../failures.ts';
import type { MonitorSettingsTable } from '../rows/monitor-settings.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { parseColumn } from './sql.ts';

/** One row a broker. */
export function monitorSettingsTable(db: Database, sealer: Sealer): MonitorSettingsTable {
  const rows = sealedRows<{ settings: string }>(db, sealer, 'monitorSettings', ['settings']);
  const byBroker = rows.select<[string]>('WHERE brokerId = ?');
  const put = db.prepare(
    `INSERT INTO monitorSettings (brokerId, settings) VALUES (?, ?)
     ON CONFLICT (brokerId) DO UPDATE SET settings = excluded.settings`,
  );
  return {
    get: (brokerId) => {
      const stored = byBroker.get(brokerId);
      return stored && parseColumn(monitorSettingsSchema, stored.settings);
    },
    put: (brokerId, settings) => {
      try {
        rows.write(brokerId, () => put.run(brokerId, JSON.stringify(settings)));
      } catch (error) {
        throw isForeignKeyViolation(error) ? new ConsoleError('broker/not-found', { cause: error }) : error;
      }
    },
  };
}
