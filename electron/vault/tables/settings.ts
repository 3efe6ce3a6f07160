import type { Database } from 'better-sqlite3';
import type { SettingTable } from '../rows.ts';

/** Preferences in plain text; never a secret. */
export function settingTable(db: Database): SettingTable {
  const get = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const set = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');

  return {
    get: (name) => get.get(name),
    set: (name, value) => {
      set.run(name, value);
    },
  };
}
