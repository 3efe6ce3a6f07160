import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

const long = Array.from({ length: 5_000 }, (_, line) => `line ${line} of a long list\n`).join('');

test('a CRL moves into parts, whole and in order, however long it is', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 13));
  const insert = db.prepare(`INSERT INTO authorities
    (authorityId, subject, keyAlgorithm, certificatePem, serialNumber, fingerprint, notBefore, notAfter, crlPem, crlNumber,
     crlThisUpdate, crlNextUpdate, createdAt, privateKey, state)
    VALUES (?, '', '', '', '', '', '', '', ?, 7, '', '', '', x'00', 'retired')`);
  const crls = new Map([
    ['short', 'short\n'],
    ['long', long],
    ['even', 'x'.repeat(2 * 65_536)],
  ]);
  for (const [id, crl] of crls) insert.run(id, crl);
  migrate(db, migrations.slice(0, 14));
  for (const [id, crl] of crls) {
    const parts = db
      .prepare(
        `SELECT text FROM crlParts JOIN authorities ON bodyId = crlBodyId WHERE authorities.authorityId = ?
         ORDER BY position`,
      )
      .pluck()
      .all(id);
    expect(parts.join('') === crl).toBe(true);
    const { crlNumber, crlPartCount } = Object(
      db.prepare('SELECT crlNumber, crlPartCount FROM authorities WHERE authorityId = ?').get(id),
    );
    expect([crlNumber, crlPartCount]).toEqual([7, parts.length]);
    expect(crlPartCount).toBe(Math.ceil(crl.length / 65_536));
  }
  expect(() => db.prepare('SELECT crlPem FROM authorities')).toThrow('no such column');
  const part = `INSERT INTO crlParts (partId, authorityId, bodyId, position, text) VALUES ('p', 'long', 'long', 0, '')`;
  expect(() => db.exec(part)).toThrow('UNIQUE');
  db.close();
});
