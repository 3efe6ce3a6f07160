import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../../electron/authority/root.ts';
import { certifiedKeyThumbprint } from '../../../../electron/platform/key-thumbprint.ts';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('certificates are known by their keys, and credentials that answered a request by where theirs is', async () => {
  const { certificatePem } = await createAuthority({ keyAlgorithm: 'EC-P256', now: new Date() });
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 16));
  db.pragma('foreign_keys = OFF');
  const certificate = db.prepare(`INSERT INTO certificates (serialNumber, authorityId, kind, subject, subjectAltNames,
    keyAlgorithm, certificatePem, fingerprint, notBefore, notAfter, state, createdAt)
    VALUES (?, 'a', 'device', '', '[]', 'EC-P256', ?, '', '', '', 'active', '')`);
  certificate.run('0a', certificatePem);
  certificate.run('0b', 'no certificate');
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'ACTIVE', '', '');
    INSERT INTO credentials (credentialId, plantId, authMethod, state, createdAt)
      VALUES ('c', 'a', 'MTLS', 'active', ''), ('d', 'a', 'MTLS', 'superseded', '');
    INSERT INTO offlineBundles (bundleId, plantId, credentialId, fileName, sha256, directory, keyIsOnDevice, exportedAt,
      receiptSecret) VALUES ('b', 'a', 'c', '', '', '', 1, '', x'00')`);
  migrate(db, migrations.slice(0, 17));
  const thumbprints = db.prepare('SELECT keyThumbprint FROM certificates ORDER BY serialNumber').pluck().all();
  expect(thumbprints).toEqual([certifiedKeyThumbprint(certificatePem), null]);
  expect(thumbprints[0]).toMatch(/^[\w-]{43}$/);
  expect(db.prepare('SELECT keyIsElsewhere FROM credentials ORDER BY credentialId').pluck().all()).toEqual([1, 0]);
  db.close();
});
