import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a register has each of its pages once', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 11));
  const insert = (pageId: string, position: number) =>
    db
      .prepare(
        `INSERT INTO registerPages (pageId, authorityId, position, entryCount, revokedCount, lastNotAfter, entries)
         VALUES (?, 'a', ?, 1, 0, '', x'00')`,
      )
      .run(pageId, position);
  insert('a/0', 0);
  insert('a/1', 1);
  expect(() => insert('a/2', 1)).toThrow('UNIQUE');
  db.close();
});
