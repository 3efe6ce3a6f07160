import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a recording has an end or none, and no other than those that are known', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 19));
  const insert = (id: string, endedAt: string | null, ending: string | null) =>
    db
      .prepare(`INSERT INTO recordings VALUES (?, '', 'recorded', NULL, '', '', ?, ?, 0, 0, 0, 0, NULL, NULL)`)
      .run(id, endedAt, ending);
  insert('a', null, null);
  insert('b', 'then', 'cut');
  expect(() => insert('c', 'then', null)).toThrow(/CHECK/);
  expect(() => insert('d', 'then', 'lost')).toThrow(/CHECK/);
  db.close();
});
