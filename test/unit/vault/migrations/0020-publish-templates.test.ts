import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a template has a quality of service that there is, and an encoding that is known', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 20));
  const insert = (id: string, encoding: string, qos: number) =>
    db
      .prepare(`INSERT INTO publishTemplates VALUES (?, '', 'a', x'00', ?, ?, 0, NULL, '', NULL)`)
      .run(id, encoding, qos);
  insert('a', 'hex', 2);
  expect(() => insert('b', 'hex', 3)).toThrow(/CHECK/);
  expect(() => insert('c', 'morse', 1)).toThrow(/CHECK/);
  db.close();
});
