import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { toVaultFailure } from '../../../electron/vault/failures.ts';
import { migrate } from '../../../electron/vault/migrations/migrate.ts';
import { openVault } from '../../../electron/vault/open-vault.ts';
import { Sealer } from '../../../electron/vault/sealing.ts';
import { startAuditTrail } from '../../../electron/vault/tables/audit-trail.ts';

test('a database that cannot grow says so, and the transaction leaves nothing', () => {
  const db = new Database(':memory:');
  migrate(db);
  const sealer = new Sealer(randomBytes(32));
  startAuditTrail(db, sealer);
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
  const vault = openVault(db, sealer);
  vault.settings.set('before', 'kept');
  expect(() =>
    vault.transaction(() => {
      vault.settings.set('first', 'small');
      vault.settings.set('second', 'x'.repeat(100_000));
    }),
  ).toThrow(expect.objectContaining({ code: 'vault/disk-full' }));
  expect(vault.settings.get('first')).toBeUndefined();
  expect(vault.settings.get('before')).toBe('kept');
  db.close();
});

test.each(['ENOSPC', 'EDQUOT'])('%s of the file system means the same', (code) => {
  expect(toVaultFailure(Object.assign(new Error('write'), { code }))).toMatchObject({ code: 'vault/disk-full' });
});

test('what is no condition of the disk or the file passes unchanged', () => {
  const defect = new TypeError('a defect');
  expect(toVaultFailure(defect)).toBe(defect);
});
