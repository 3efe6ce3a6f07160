import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';
import type { Migration } from '../../../../electron/vault/migrations/migration.ts';

const version = (db: Database.Database) => db.pragma('user_version', { simple: true });
const one: Migration = { version: 1, up: (db) => db.exec('CREATE TABLE one (x)') };
const two: Migration = { version: 2, up: (db) => db.exec('CREATE TABLE two (x)') };

test('the versions count from 1 without gaps', () => {
  expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, index) => index + 1));
});

test('only what is missing runs, in order', () => {
  const db = new Database(':memory:');
  migrate(db, [one]);
  expect(version(db)).toBe(1);
  migrate(db, [one, two]);
  migrate(db, [one, two]);
  expect(version(db)).toBe(2);
  db.close();
});

test('a migration that fails leaves the version before it, whole', () => {
  const db = new Database(':memory:');
  const failing: Migration = {
    version: 2,
    up: (inside) => {
      inside.exec('CREATE TABLE half (x)');
      inside.exec('CREATE TABLE one (x)');
    },
  };
  expect(() => migrate(db, [one, failing])).toThrow('already exists');
  expect(version(db)).toBe(1);
  expect(db.prepare(`SELECT name FROM sqlite_schema`).pluck().all()).toEqual(['one']);
  db.close();
});
