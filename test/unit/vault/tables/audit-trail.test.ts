import { createHash, randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../../electron/vault/migrations/migrate.ts';
import { openVault } from '../../../../electron/vault/open-vault.ts';
import { Sealer } from '../../../../electron/vault/sealing.ts';
import { startAuditTrail } from '../../../../electron/vault/tables/audit-trail.ts';
import { canonicalJson } from '../../../../shared/model/canonical-json.ts';
import { createVault } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { moment } from '../../../support/vault-rows.ts';

const entry = (action: string) => ({
  at: moment,
  actor: 'Jan "Novák"',
  action,
  subject: 'plant',
  details: { z: 1, a: { nested: [true, null] }, left: undefined },
});
const genesis = '0'.repeat(64);

/** A trail of three entries, after somebody edited the closed file: without the triggers, which are put back after. */
async function editedTrail(edit: (db: Database.Database) => void) {
  const { file, vault, path } = await createVault();
  for (const action of ['one', 'two', 'three']) vault.audit.append(entry(action));
  file.lock();
  const db = new Database(path);
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  edit(db);
  for (const { sql } of triggers) db.exec(sql);
  db.close();
  return (await file.unlock(testPassphrase)).audit;
}

/** The chain computed anew, as somebody would who knows this code but not the passphrase. */
function rechain(db: Database.Database): void {
  let previous = genesis;
  const rows = db
    .prepare<[], { sequence: number; details: string }>('SELECT * FROM auditTrail ORDER BY sequence')
    .all();
  for (const stored of rows) {
    const { hash: _, ...row } = { hash: '', ...stored, details: JSON.parse(stored.details) };
    previous = createHash('sha256')
      .update(`${previous}\n${canonicalJson(row)}`)
      .digest('hex');
    db.prepare('UPDATE auditTrail SET hash = ? WHERE sequence = ?').run(previous, row.sequence);
  }
}

test('every entry carries the hash over the one before and its own canonical JSON', async () => {
  const { vault } = await createVault();
  expect(vault.audit.head()).toBe(genesis);
  expect(await vault.audit.firstBroken()).toBeUndefined();
  let previous = genesis;
  for (const action of ['one', 'two']) {
    const { hash, ...row } = vault.audit.append(entry(action));
    expect(row.details).toEqual({ a: { nested: [true, null] }, z: 1 });
    expect(hash).toBe(
      createHash('sha256')
        .update(`${previous}\n${canonicalJson(row)}`)
        .digest('hex'),
    );
    expect(vault.audit.head()).toBe(hash);
    previous = hash;
  }
  expect(await vault.audit.firstBroken()).toBeUndefined();
});

test('the list is newest first and comes in pages', async () => {
  const { vault } = await createVault();
  const rows = ['one', 'two', 'three'].map((action) => vault.audit.append(entry(action)));
  expect(vault.audit.list()).toEqual({ items: rows.toReversed(), total: 3 });
  expect(vault.audit.list({ limit: 1, offset: 1 })).toEqual({ items: [rows[1]], total: 3 });
  expect(vault.audit.before(Number.MAX_SAFE_INTEGER, 2)).toEqual([rows[2], rows[1]]);
  expect(vault.audit.before(2, 2)).toEqual([rows[0]]);
  expect(vault.audit.before(1, 2)).toEqual([]);
});

test('an entry of a transaction that is rolled back leaves the chain whole', async () => {
  const { vault } = await createVault();
  vault.audit.append(entry('one'));
  const head = vault.audit.head();
  expect(() =>
    vault.transaction(() => {
      vault.audit.append(entry('two'));
      throw new Error('on purpose');
    }),
  ).toThrow('on purpose');
  expect(vault.audit.head()).toBe(head);
  vault.audit.append(entry('three'));
  expect(await vault.audit.firstBroken()).toBeUndefined();
});

test.each(['at', 'actor', 'action', 'subject', 'details', 'hash'])('a changed %s is found', async (column) => {
  const audit = await editedTrail((db) => db.exec(`UPDATE auditTrail SET ${column} = '{"x":1}' WHERE sequence = 2`));
  expect(await audit.firstBroken()).toBe(2);
});

test('an entry that was taken out of the middle is found', async () => {
  const audit = await editedTrail((db) => db.exec('DELETE FROM auditTrail WHERE sequence = 2'));
  expect(await audit.firstBroken()).toBe(2);
});

test('an end that was cut off is found, and stays found when the trail goes on', async () => {
  const audit = await editedTrail((db) => db.exec('DELETE FROM auditTrail WHERE sequence = 3'));
  expect(await audit.firstBroken()).toBe(3);
  audit.append(entry('four'));
  expect(await audit.firstBroken()).toBe(3);
});

test('a chain that was computed anew is found, and stays found', async () => {
  const audit = await editedTrail((db) => {
    db.exec(`UPDATE auditTrail SET actor = 'somebody else' WHERE sequence = 1`);
    rechain(db);
  });
  expect(await audit.firstBroken()).toBe(3);
  audit.append(entry('four'));
  expect(await audit.firstBroken()).toBe(4);
});

test('an entry that was added behind the end is found, and stays found', async () => {
  const audit = await editedTrail((db) => {
    db.exec(
      `INSERT INTO auditTrail SELECT 4, at, actor, action, subject, details, '' FROM auditTrail WHERE sequence = 1`,
    );
    rechain(db);
  });
  expect(await audit.firstBroken()).toBe(4);
  audit.append(entry('five'));
  expect(await audit.firstBroken()).toBe(5);
});

test('a trail that was emptied, sealed head and all, is found, and stays found', async () => {
  const audit = await editedTrail((db) => db.exec('DELETE FROM auditTrail; DELETE FROM auditHead;'));
  expect(await audit.firstBroken()).toBe(1);
  audit.append(entry('one'));
  expect(await audit.firstBroken()).toBe(1);
});

test('an entry before the first is found', async () => {
  const db = new Database(':memory:');
  migrate(db);
  const sealer = new Sealer(randomBytes(32));
  startAuditTrail(db, sealer);
  const add = (sequence: number) =>
    db.prepare(`INSERT INTO auditTrail VALUES (?, '', 'forged', '', '', '{}', '')`).run(sequence);
  expect(() => add(0)).toThrow('CHECK');
  db.pragma('ignore_check_constraints = ON');
  add(-3);
  const { audit } = openVault(db, sealer);
  audit.append(entry('one'));
  expect(audit.list().items.map((row) => row.actor)).toContain('forged');
  expect(await audit.firstBroken()).toBe(1);
  db.close();
});
