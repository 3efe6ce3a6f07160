import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('the number of a CRL goes on where it was', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 17));
  const insert = db.prepare(`INSERT INTO authorities
    (authorityId, subject, keyAlgorithm, certificatePem, serialNumber, fingerprint, notBefore, notAfter, crlNumber,
     crlThisUpdate, crlNextUpdate, createdAt, privateKey, state)
    VALUES (?, '', '', '', '', '', '', '', ?, '', '', '', x'00', 'retired')`);
  insert.run('young', 1);
  insert.run('old', 281_474_976_710_655);
  migrate(db, migrations.slice(0, 18));
  const numbers = db.prepare('SELECT authorityId, crlNumber FROM authorities ORDER BY rowid').raw().all();
  expect(numbers).toEqual([
    ['young', '1'],
    ['old', '281474976710655'],
  ]);
  db.close();
});
