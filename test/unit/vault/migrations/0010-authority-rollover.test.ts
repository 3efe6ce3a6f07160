import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

const authority = (id: string, state?: string) => `INSERT INTO authorities
  (authorityId, subject, keyAlgorithm, certificatePem, serialNumber, fingerprint, notBefore, notAfter, crlPem, crlNumber,
   crlThisUpdate, crlNextUpdate, createdAt, privateKey${state ? ', state' : ''})
  VALUES ('${id}', '', '', '', '', '', '', '', '', 1, '', '', '', x'00'${state ? `, '${state}'` : ''})`;

function migrated(): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, migrations.slice(0, 9));
  db.exec(authority('old'));
  migrate(db, migrations.slice(0, 10));
  return db;
}

test('the one authority from before issues; there is one that issues and one that is next', () => {
  const db = migrated();
  expect(db.prepare('SELECT state, isCompromised, crossCertificatePem, retiredAt FROM authorities').get()).toEqual({
    state: 'current',
    isCompromised: 0,
    crossCertificatePem: null,
    retiredAt: null,
  });
  expect(() => db.exec(authority('second', 'current'))).toThrow('UNIQUE');
  db.exec(authority('next', 'next'));
  expect(() => db.exec(authority('another', 'next'))).toThrow('UNIQUE');
  db.exec(authority('first', 'retired'));
  db.exec(authority('zeroth', 'retired'));
  expect(() => db.exec(authority('odd', 'gone'))).toThrow('CHECK');
  db.close();
});

test('what is known of a credential or a revocation goes with the plant', () => {
  const db = migrated();
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'REVOKED', '', '');
    INSERT INTO credentials (credentialId, plantId, authMethod, state, createdAt) VALUES ('c', 'a', 'MTLS', 'active', '');
    INSERT INTO credentialTrusts (credentialId, authorityIds) VALUES ('c', '["old"]');
    INSERT INTO openRevocations (plantId, revokedAt, stateBefore) VALUES ('a', '', '{}')`);
  expect(() => db.exec(`INSERT INTO credentialTrusts (credentialId, authorityIds) VALUES ('d', '[]')`)).toThrow(
    'FOREIGN KEY',
  );
  db.exec('DELETE FROM plants');
  for (const table of ['credentialTrusts', 'openRevocations']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  }
  db.close();
});
