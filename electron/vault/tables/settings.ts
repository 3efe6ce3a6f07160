import type { Database } from 'better-sqlite3';
import type { SettingTable } from '../rows/journal.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';

/** Preferences in plain text; never a secret. */
export function settingTable(db: Database, sealer: Sealer): SettingTable {
  const rows = sealedRows<{ value: string }>(db, sealer, 'settings', ['value']);
  const byName = rows.select<[string]>('WHERE name = ?');
  const set = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');

  return {
    get: (name) => byName.get(name)?.value,
    set: (name, value) => {
      rows.write(name, () => set.run(name, value));
    },
  };
}
