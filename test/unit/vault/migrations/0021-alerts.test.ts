import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('an alert is acknowledged by somebody, and was told of at least once', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 21));
  const insert = (id: string, count: number, by: string | null, at: string | null) =>
    db
      .prepare(
        `INSERT INTO alerts VALUES (?, 'r', 'R', 'alarm', NULL, '', NULL, 's', 'w', NULL, 'a', 'b', NULL, ?, ?, ?, NULL)`,
      )
      .run(id, count, by, at);
  insert('a', 1, null, null);
  insert('b', 1, 'Ada', 'then');
  expect(() => insert('c', 0, null, null)).toThrow(/CHECK/);
  expect(() => insert('d', 1, 'Ada', null)).toThrow(/CHECK/);
  db.close();
});
