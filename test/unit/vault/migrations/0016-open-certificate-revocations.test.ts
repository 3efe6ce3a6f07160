import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('no revocation of a single certificate can be taken back that was made before', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 16));
  expect(db.prepare('SELECT count(*) FROM openCertificateRevocations').pluck().get()).toBe(0);
  const insert = (stateBefore: string | null) =>
    db.prepare(`INSERT INTO openCertificateRevocations VALUES ('0a', 'a', '', ?, NULL)`).run(stateBefore);
  expect(() => insert('revoked')).toThrow(/CHECK/);
  insert(null);
  expect(() => insert('active')).toThrow(/UNIQUE/);
  db.close();
});
