// Somebody edits the file without the passphrase: every row they touch is refused.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../electron/vault/migrations/migrate.ts';
import { openVault } from '../../../electron/vault/open-vault.ts';
import { checkAllRows, sealedTables } from '../../../electron/vault/row-seals.ts';
import type { OpenVault } from '../../../electron/vault/rows.ts';
import { Sealer } from '../../../electron/vault/sealing.ts';
import { startAuditTrail } from '../../../electron/vault/tables/audit-trail.ts';
import { defaultMonitorSettings } from '../../../shared/model/monitor-settings.ts';
import { createVault, vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';
import {
  alertRow,
  alertRuleRow,
  authorityRow,
  brokerRow,
  campaignPlantRow,
  campaignRow,
  certificateRow,
  credentialRow,
  deviceRow,
  deviceStateRow,
  handoverRow,
  moment,
  offlineBundleRow,
  plantId,
  plantRow,
  publishTemplateRow,
  recordingRow,
  registerPageRow,
} from '../../support/vault-rows.ts';

const damaged = expect.objectContaining({ code: 'vault/damaged' });
const a = plantId('a');
const forever = '9999-01-01T00:00:00.000Z';

/** At least one row in every sealed table. */
function fill(vault: OpenVault): void {
  vault.plants.insert(plantRow('a'));
  vault.plants.insert(plantRow('b'));
  vault.authorities.insert(authorityRow(), 'key');
  vault.crlParts.insert({ authorityId: 'authority-1', bodyId: 'crl-1', position: 0, text: 'crl' });
  vault.certificates.insert(certificateRow('0a', { plantId: a }), 'key');
  vault.credentials.insert(credentialRow('c'), '{}');
  vault.credentialFiles.put({ credentialId: 'c', plantId: a, files: [{ name: 'ca.crt', sha256: '0' }] }, 'secret');
  vault.credentialTrusts.put('c', ['authority-1']);
  vault.policyVersions.insert({ note: '', author: 'a', savedAt: moment, text: '{}' });
  vault.registerPages.insert(registerPageRow(), '[]');
  vault.openRevocations.put({ plantId: a, revokedAt: moment, stateBefore: '{}' });
  vault.openCertificateRevocations.insert({
    serialNumber: '0a',
    authorityId: 'authority-1',
    revokedAt: moment,
    stateBefore: 'active',
  });
  vault.deviceStates.put(deviceStateRow());
  vault.offlineBundles.insert(offlineBundleRow(), 'secret');
  vault.campaigns.insert(campaignRow(), [campaignPlantRow()]);
  vault.approvers.insert({ name: 'Ada', createdAt: moment }, 'verifier');
  vault.signingSecrets.set(a, 'secret', moment);
  vault.tokenKeys.insert({ keyId: 'k', publicKeyPem: 'public', state: 'active', createdAt: moment }, 'private');
  vault.tokenKeys.noteIssue({ plantId: a, keyId: 'k', issuedAt: moment, expiresAt: forever });
  vault.brokers.insert(brokerRow('1', { hostKeys: { 'broker.example:22': 'pinned' } }));
  vault.brokers.putTargetSecret('1', 'login');
  vault.brokers.putPushRecord('1', 'record');
  vault.brokers.insertProbeAccount({ brokerId: '1', plantId: plantId('c'), passwordHash: '$7$' }, 'password');
  vault.brokers.insertConsoleAccount({ brokerId: '1', passwordHash: '$7$' }, 'password');
  vault.monitorSettings.put('1', defaultMonitorSettings);
  vault.recordings.insert(recordingRow());
  vault.handovers.insert(handoverRow(), '{}');
  vault.alertRules.put(alertRuleRow());
  vault.alerts.put(alertRow());
  vault.publishTemplates.put(publishTemplateRow());
  vault.devices.put(deviceRow({ authentication: 'agent', hostKeyFingerprint: 'pinned' }));
  vault.devices.put(deviceRow({ plantId: plantId('b'), hostKeyFingerprint: 'pinned' }), 'password');
  vault.operations.start({ operationId: 'o', kind: 'push', subject: '1', startedAt: moment });
  vault.settings.set('name', 'value');
  vault.withdrawals.put({ plantId: a, withdrawnUntil: forever });
}

/** An open vault over a database that the test can reach. */
function filledDatabase(): { db: Database.Database; sealer: Sealer; vault: OpenVault } {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  migrate(db);
  const sealer = new Sealer(randomBytes(32));
  startAuditTrail(db, sealer);
  const vault = openVault(db, sealer);
  fill(vault);
  return { db, sealer, vault };
}

const checkAll = (db: Database.Database, sealer: Sealer) => [...checkAllRows(db, sealer)].length;

test('every table has seals, except those that have their own', () => {
  const db = new Database(':memory:');
  migrate(db);
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
  expect(tables).toEqual([...Object.keys(sealedTables), 'auditHead', 'auditTrail', 'keyring'].sort());
  db.close();
});

test('what was written through the tables is whole, also after every kind of change', () => {
  const { db, sealer, vault } = filledDatabase();
  const rows = checkAll(db, sealer);
  expect(rows).toBeGreaterThanOrEqual(Object.keys(sealedTables).length);
  vault.plants.update(a, { status: 'REVOKED', revokedAt: moment });
  vault.authorities.updateCrl('authority-1', {
    crlNumber: 2n,
    crlThisUpdate: moment,
    crlNextUpdate: forever,
    crlBodyId: 'crl-2',
    crlPartCount: 1,
  });
  vault.registerPages.replace(registerPageRow({ revokedCount: 1 }), '[1]');
  vault.certificates.setState('0a', 'active');
  vault.certificates.revoke('0a', moment, 'keyCompromise');
  vault.credentials.setState('c', 'deployed');
  vault.credentials.destroySecrets('c', moment);
  vault.signingSecrets.set(a, 'another', moment);
  vault.tokenKeys.insert({ keyId: 'l', publicKeyPem: 'public', state: 'active', createdAt: moment }, 'private');
  vault.tokenKeys.setState('k', 'active');
  vault.brokers.update('1', { hostKeys: {}, lastPushedAt: moment });
  vault.brokers.putTargetSecret('1', undefined);
  vault.credentialFiles.put({ credentialId: 'c', plantId: a, files: [] }, 'another');
  vault.campaigns.update('campaign-1', { state: 'paused', pausedBecause: 'operator' });
  vault.campaigns.updatePlant('campaign-1:a', { state: 'issuing', attempts: 1 });
  vault.deviceStates.put(deviceStateRow({ outcome: 'lost' }));
  vault.devices.pinHostKey(a, 'device', 'fingerprint', moment);
  vault.operations.step('o', 'step');
  vault.operations.markInterrupted(moment);
  vault.operations.resolve('o', 'failed', moment);
  vault.settings.set('name', 'other');
  vault.withdrawals.put({ plantId: a, withdrawnUntil: moment });
  expect(checkAll(db, sealer)).toBe(rows + 1);
  vault.plants.delete(a);
  vault.brokers.delete('1');
  checkAll(db, sealer);
});

describe('any column of any table, edited', () => {
  const db = new Database(':memory:');
  migrate(db);
  const columns = Object.keys(sealedTables).flatMap((table) =>
    db
      .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)')
      .all(table)
      .map(({ name, type }) => [table, name, type] as const),
  );
  db.close();

  test.each(columns)('%s.%s', (table, column, type) => {
    const { db: filled, sealer } = filledDatabase();
    filled.pragma('foreign_keys = OFF');
    filled.pragma('ignore_check_constraints = ON');
    const value = { TEXT: 'edited', INTEGER: 7, BLOB: Buffer.from('edited') }[type] ?? 'edited';
    expect(filled.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = 1`).run(value).changes).toBe(1);
    expect(() => checkAll(filled, sealer)).toThrow(damaged);
  });
});

describe('a login is not led elsewhere', () => {
  const b = plantId('b');
  test.each([
    `host = 'attacker.example'`,
    'port = 2222',
    `username = 'other'`,
    `authentication = 'privateKey'`,
    `hostKeyFingerprint = 'forged'`,
    'hostKeyFingerprint = NULL',
    `directory = '/tmp'`,
  ])('device %s', (change) => {
    const { db, vault } = filledDatabase();
    db.exec(`UPDATE devices SET ${change}`);
    for (const plant of [a, b]) {
      expect(() => vault.devices.get(plant)).toThrow(damaged);
      expect(() => vault.devices.loginSecret(plant)).toThrow(damaged);
      expect(() => vault.devices.pinHostKey(plant, 'device', 'x', moment)).toThrow(damaged);
      expect(() => vault.devices.put(deviceRow({ plantId: plant }))).toThrow(damaged);
    }
    expect(() => vault.devices.list()).toThrow(damaged);
  });

  test.each([`target = '{"kind":"process"}'`, `host = 'attacker.example'`, `hostKeys = '{}'`])(
    'broker %s',
    (change) => {
      const { db, vault } = filledDatabase();
      db.exec(`UPDATE brokers SET ${change}`);
      expect(() => vault.brokers.get('1')).toThrow(damaged);
      expect(() => vault.brokers.list()).toThrow(damaged);
      expect(() => vault.brokers.targetSecret('1')).toThrow(damaged);
      expect(() => vault.brokers.update('1', { name: 'x' })).toThrow(damaged);
      expect(() => vault.brokers.putPushRecord('1', 'x')).toThrow(damaged);
    },
  );

  test('a secret does not go back to a destination that it was not stored with', () => {
    const { db, vault } = filledDatabase();
    const secret = db.prepare('SELECT loginSecret FROM devices WHERE plantId = ?').pluck().get(b);
    vault.devices.put(deviceRow({ plantId: b, host: 'new.example' }), 'new');
    db.prepare('UPDATE devices SET loginSecret = ? WHERE plantId = ?').run(secret, b);
    expect(() => vault.devices.loginSecret(b)).toThrow(damaged);
  });
});

test('a seal fits its own table only', () => {
  const { db, vault } = filledDatabase();
  vault.settings.set('copied', 'value');
  db.exec(`UPDATE settings SET rowSeal = (SELECT rowSeal FROM settings WHERE name = 'name') WHERE name = 'copied'`);
  expect(() => vault.settings.get('copied')).toThrow(damaged);
  db.exec(`INSERT INTO withdrawals SELECT 'x', '9999', rowSeal FROM withdrawals`);
  expect(() => vault.withdrawals.listAt(moment)).toThrow(damaged);
});

test.each([
  `UPDATE certificates SET state = 'superseded'`,
  `UPDATE credentials SET state = 'superseded'`,
  `UPDATE withdrawals SET withdrawnUntil = '2000'`,
  `UPDATE tokenKeys SET state = 'trusted'`,
  `UPDATE plants SET authMethod = 'TOKEN'`,
  'UPDATE settings SET rowSeal = NULL',
  `INSERT INTO plants VALUES ('p', 'forged', NULL, 'MTLS', 'u', 'ACTIVE', '', '', NULL, NULL, NULL)`,
])('neither a vault nor a backup is opened after %s', async (sql) => {
  const { file, vault, path } = await createVault();
  fill(vault);
  file.lock();
  const db = new Database(path);
  db.exec(sql);
  db.close();
  const bytes = await readFile(path);
  await expect(file.unlock(testPassphrase)).rejects.toThrow(damaged);
  expect(file.state()).toBe('locked');
  expect(await readFile(path)).toEqual(bytes);
  await expect(vaultFile(await vaultPath()).restore(bytes, testPassphrase)).rejects.toMatchObject({
    code: 'vault/backup-invalid',
  });
});
