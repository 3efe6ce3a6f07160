import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../electron/vault/migrations/migrate.ts';
import { checkSchema } from '../../../electron/vault/schema-check.ts';

const damaged = expect.objectContaining({ code: 'vault/damaged' });

function migrated(version: number): Database.Database {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, version));
  return db;
}

test.each(migrations.map(({ version }) => version))(
  'version %i as it was made passes, also step by step',
  (version) => {
    const db = new Database(':memory:');
    for (let step = 1; step <= version; step++) {
      migrate(db, migrations.slice(0, step));
      checkSchema(db);
    }
    db.close();
  },
);

test.each(migrations.map(({ version }) => version))('version %i that says it is another is damaged', (version) => {
  const db = migrated(version);
  db.pragma(`user_version = ${version - 1}`);
  expect(() => checkSchema(db)).toThrow(damaged);
  db.close();
});

test('a statement that was edited in the schema itself is found', () => {
  const db = migrated(migrations.length);
  db.unsafeMode();
  db.pragma('writable_schema = ON');
  db.exec(`UPDATE sqlite_schema SET sql = replace(sql, 'BEFORE DELETE', 'AFTER DELETE')`);
  expect(() => checkSchema(db)).toThrow(damaged);
  db.close();
});
