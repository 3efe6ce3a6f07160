// A vault file may come from somebody else's hands: a synced folder, a hostile backup. Whatever its schema holds beyond
// the console's own would run or answer in the console's name: a trigger that undoes a revocation, a view in the place of
// a table. So the schema is compared before the first question is asked. Reading sqlite_schema runs nothing of it.

import Database from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { migrate, migrations } from './migrations/migrate.ts';

type SchemaEntry = {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
};

/** Throws `vault/damaged` unless `db` has exactly the schema that the migrations make up to its `user_version`. */
export function checkSchema(db: Database.Database): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  const expected = new Database(':memory:');
  try {
    migrate(
      expected,
      migrations.filter((step) => step.version <= version),
    );
    if (describeSchema(db) !== describeSchema(expected)) {
      throw new ConsoleError('vault/damaged', { because: 'its schema is not the one that this console made' });
    }
  } finally {
    expected.close();
  }
}

function describeSchema(db: Database.Database): string {
  const entries = db.prepare<[], SchemaEntry>('SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema').all();
  return entries
    .map(({ type, name, table, sql }) => JSON.stringify([type, name, table, sql === null ? null : normalised(sql)]))
    .sort()
    .join('\n');
}

/** Versions of SQLite differ in the quotes and spaces that ALTER TABLE writes. */
const normalised = (sql: string): string =>
  sql
    .replace(/"(\w+)"/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
