import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { newestVersion } from '../../../electron/vault/migrations/migrate.ts';
import type { OpenVault } from '../../../electron/vault/rows.ts';
import { Sealer } from '../../../electron/vault/sealing.ts';
import { createVault, vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';
import { authorityRow, certificateRow, credentialRow, deviceRow, moment, plantRow } from '../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const otherPassphrase = 'another long passphrase';

describe('a life', () => {
  test('absent, created, locked, unlocked', async () => {
    const path = await vaultPath();
    const file = vaultFile(path);
    expect(file.state()).toBe('absent');
    await expect(file.unlock(testPassphrase)).rejects.toThrow(code('vault/absent'));
    await expect(file.backup()).rejects.toThrow(code('vault/absent'));
    expect(await readdir(dirname(path))).toEqual([]);

    const vault = await file.create(testPassphrase);
    expect(file.state()).toBe('unlocked');
    vault.plants.insert(plantRow('a'));
    file.lock();
    expect(file.state()).toBe('locked');

    const again = await file.unlock(testPassphrase);
    expect(again.plants.list().items).toEqual([plantRow('a')]);
  });

  test('a vault is not made over another file, nor with a short passphrase', async () => {
    const { file, path } = await createVault();
    await expect(file.create(testPassphrase)).rejects.toThrow(code('vault/exists'));
    const second = vaultFile(`${path}2`);
    await expect(second.create('eleven char')).rejects.toThrow(code('vault/weak-passphrase'));
    expect(second.state()).toBe('absent');
  });

  test('everything on disk is private', async () => {
    const path = join(dirname(await vaultPath()), 'made', 'by-the-vault', 'console.vault');
    const file = vaultFile(path);
    const vault = await file.create(testPassphrase);
    vault.settings.set('a', 'b');
    const names = await readdir(dirname(path));
    expect(names).toContain('console.vault-wal');
    if (process.platform === 'win32') return;
    for (const name of names) {
      expect((await stat(join(dirname(path), name))).mode & 0o777, name).toBe(0o600);
    }
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  });

  test('SQLite is set up for durability, and says what the file is', async () => {
    const { file, path } = await createVault();
    file.lock();
    const db = new Database(path);
    expect(db.pragma('application_id', { simple: true })).toBe(0x566f6b65);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('user_version', { simple: true })).toBe(newestVersion());
    db.close();
  });
});

describe('the passphrase', () => {
  test('a wrong one is refused, slower each time, and changes nothing', async () => {
    const { file, path } = await createVault();
    file.lock();
    const before = await readFile(path);
    const slept: number[] = [];
    const other = vaultFile(path, {
      sleep: async (milliseconds) => {
        slept.push(milliseconds);
      },
    });
    for (let i = 0; i < 3; i++) await expect(other.unlock('wrong')).rejects.toThrow(code('vault/wrong-passphrase'));
    expect(slept).toEqual([250, 500, 1000]);
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(dirname(path))).sort()).toEqual(['console.vault', 'console.vault.lock']);
    await other.unlock(testPassphrase);
  });

  test('attempts in parallel wait for each other', async () => {
    const { file, path } = await createVault();
    file.lock();
    const events: string[] = [];
    let wake = () => {};
    const other = vaultFile(path, {
      sleep: () =>
        new Promise((resolve) => {
          events.push('sleeps');
          wake = resolve;
        }),
    });
    const first = other.unlock('wrong').catch(() => events.push('refused'));
    const second = other.unlock(testPassphrase).then(() => events.push('open'));
    await expect.poll(() => events).toEqual(['sleeps']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual(['sleeps']);
    wake();
    await Promise.all([first, second]);
    expect(events).toEqual(['sleeps', 'refused', 'open']);
  });

  test('the file is free for another console while a wrong passphrase waits for its answer', async () => {
    const { file, path } = await createVault();
    file.lock();
    let wake = () => {};
    let asleep = false;
    const slow = vaultFile(path, {
      sleep: () =>
        new Promise((resolve) => {
          asleep = true;
          wake = resolve;
        }),
    });
    const refused = expect(slow.unlock('wrong')).rejects.toThrow(code('vault/wrong-passphrase'));
    await expect.poll(() => asleep).toBe(true);
    await file.unlock(testPassphrase);
    wake();
    await refused;
  });

  test('an open vault still asks for it', async () => {
    const { file, vault } = await createVault();
    expect(await file.unlock(testPassphrase)).toBe(vault);
    await expect(file.unlock('wrong')).rejects.toThrow(code('vault/wrong-passphrase'));
    await file.checkPassphrase(testPassphrase);
    await expect(file.checkPassphrase('wrong')).rejects.toThrow(code('vault/wrong-passphrase'));
    expect(vault.settings.get('a')).toBeUndefined();
    file.lock();
    await expect(file.checkPassphrase(testPassphrase)).rejects.toThrow(code('vault/locked'));
  });

  test('it can be changed, and the old wrapping is gone from the disk', async () => {
    const { file, vault, path } = await createVault();
    vault.signingSecrets.get(plantRow('a').plantId);
    const wrapped = () => {
      const db = new Database(path, { readonly: true });
      const key = db.prepare<[], Buffer>('SELECT wrappedKey FROM keyring').pluck().get();
      db.close();
      return key ?? Buffer.alloc(0);
    };
    file.lock();
    const old = wrapped();
    const open = await file.unlock(testPassphrase);

    await expect(file.changePassphrase('wrong', otherPassphrase)).rejects.toThrow(code('vault/wrong-passphrase'));
    await expect(file.changePassphrase(testPassphrase, 'short')).rejects.toThrow(code('vault/weak-passphrase'));
    await file.changePassphrase(testPassphrase, otherPassphrase);
    open.settings.set('still', 'open');
    for (const name of [path, `${path}-wal`]) expect((await readFile(name)).includes(old)).toBe(false);

    file.lock();
    await expect(file.unlock(testPassphrase)).rejects.toThrow(code('vault/wrong-passphrase'));
    expect((await file.unlock(otherPassphrase)).settings.get('still')).toBe('open');
    file.lock();
    await expect(file.changePassphrase(otherPassphrase, testPassphrase)).rejects.toThrow(code('vault/locked'));
  });
});

describe('lock', () => {
  test('every method of the open vault throws vault/locked from then on', async () => {
    const { file, vault } = await createVault();
    file.lock();
    const methods: [string, (...args: unknown[]) => unknown][] = [];
    for (const [name, table] of Object.entries(vault)) {
      if (name === 'transaction') methods.push([name, () => vault.transaction(() => {})]);
      else for (const [method, run] of Object.entries(table)) methods.push([`${name}.${method}`, run]);
    }
    // All of them were found: a table that hides its methods would pass otherwise.
    expect(methods.length).toBeGreaterThan(75);
    for (const [name, run] of methods) expect(() => run({}, () => {}), name).toThrow(code('vault/locked'));
  });

  test('the data key is wiped', async () => {
    const destroyed = vi.spyOn(Sealer.prototype, 'destroy');
    onTestFinished(() => destroyed.mockRestore());
    const { file } = await createVault();
    expect(destroyed).not.toHaveBeenCalled();
    file.lock();
    expect(destroyed).toHaveBeenCalledTimes(1);
  });

  test('whoever wants to know is told, once a lock', async () => {
    let locks = 0;
    const file = vaultFile(await vaultPath(), { onLock: () => locks++ });
    file.lock();
    expect(locks).toBe(0);
    await file.create(testPassphrase);
    file.lock();
    file.lock();
    expect(locks).toBe(1);
  });

  test('it overtakes an unlock that is still at work', async () => {
    const { file } = await createVault();
    file.lock();
    const unlocking = file.unlock(testPassphrase);
    file.lock();
    await expect(unlocking).rejects.toThrow(code('vault/locked'));
    expect(file.state()).toBe('locked');
    await file.unlock(testPassphrase);
  });

  test('it overtakes a create that is still at work, which leaves nothing', async () => {
    const path = await vaultPath();
    const file = vaultFile(path);
    const creating = file.create(testPassphrase);
    file.lock();
    await expect(creating).rejects.toThrow(code('vault/locked'));
    expect(file.state()).toBe('absent');
    expect((await readdir(dirname(path))).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  test('it overtakes a backup that is still at work', async () => {
    const { file, vault, path } = await createVault();
    vault.settings.set('large', 'x'.repeat(2_000_000));
    const copying = file.backup();
    while (!existsSync(`${path}.temporary-journal`)) await new Promise((resolve) => setImmediate(resolve));
    file.lock();
    await expect(copying).rejects.toThrow(code('vault/locked'));
    expect(await readdir(dirname(path))).not.toContain('console.vault.temporary');
    await file.unlock(testPassphrase);
  });

  test('after close nothing is opened any more, and another console may', async () => {
    const { file, path } = await createVault();
    file.close();
    await expect(file.unlock(testPassphrase)).rejects.toThrow(code('vault/locked'));
    await vaultFile(path).unlock(testPassphrase);
  });
});

describe('a second instance', () => {
  test('is refused while the first has the vault open, and let in after', async () => {
    const { file, path } = await createVault();
    const second = vaultFile(path);
    await expect(second.unlock(testPassphrase)).rejects.toThrow(code('vault/in-use'));
    await expect(second.backup()).rejects.toThrow(code('vault/in-use'));
    await expect(second.restore(await file.backup(), testPassphrase)).rejects.toThrow(code('vault/in-use'));
    // Reading the vault's bytes drops POSIX locks on that very file: the lock must not depend on them.
    await readFile(path);
    await expect(second.unlock(testPassphrase)).rejects.toThrow(code('vault/in-use'));
    file.lock();
    await second.unlock(testPassphrase);
    await expect(file.unlock(testPassphrase)).rejects.toThrow(code('vault/in-use'));
  });
});

describe('a transaction', () => {
  test('is all or nothing, also inside another', async () => {
    const { vault } = await createVault();
    const fail = () => {
      throw new Error('on purpose');
    };
    expect(() =>
      vault.transaction(() => {
        vault.settings.set('a', '1');
        fail();
      }),
    ).toThrow('on purpose');
    expect(vault.settings.get('a')).toBeUndefined();

    const result = vault.transaction(() => {
      vault.settings.set('outer', '1');
      expect(() =>
        vault.transaction(() => {
          vault.settings.set('inner', '1');
          fail();
        }),
      ).toThrow('on purpose');
      return 'done';
    });
    expect(result).toBe('done');
    expect(vault.settings.get('outer')).toBe('1');
    expect(vault.settings.get('inner')).toBeUndefined();
  });

  test('must not await', async () => {
    const { vault } = await createVault();
    expect(() =>
      vault.transaction(async () => {
        vault.settings.set('a', '1');
      }),
    ).toThrow('promise');
    expect(vault.settings.get('a')).toBeUndefined();
  });
});

describe('the disk', () => {
  const secrets = {
    authority: 'AUTHORITY-PRIVATE-KEY-7f3a',
    certificate: 'CONSOLE-PRIVATE-KEY-91bc',
    credential: 'PACKAGE-SECRET-d41d',
    signing: 'SIGNING-SECRET-8cd9',
    token: 'TOKEN-PRIVATE-KEY-8f00',
    login: 'LOGIN-PASSWORD-b204',
  };

  const plantSecrets = (vault: OpenVault) => {
    const { plantId } = plantRow('a');
    vault.plants.insert(plantRow('a'));
    vault.signingSecrets.set(plantId, secrets.signing, moment);
    return plantId;
  };

  test('holds no secret in plain text, neither in the file nor in its log', async () => {
    const { file, vault, path } = await createVault();
    plantSecrets(vault);
    vault.authorities.insert(authorityRow(), secrets.authority);
    vault.certificates.insert(certificateRow('0a', { kind: 'console' }), secrets.certificate);
    vault.credentials.insert(credentialRow('c1'), JSON.stringify({ password: secrets.credential }));
    vault.tokenKeys.insert({ keyId: 'k1', publicKeyPem: 'public', state: 'active', createdAt: moment }, secrets.token);
    vault.devices.put(deviceRow(), secrets.login);

    const log = await readFile(`${path}-wal`);
    const backup = await file.backup();
    file.lock();
    const all = { log, backup: Buffer.from(backup), file: await readFile(path) };
    for (const [where, bytes] of Object.entries(all)) {
      expect(bytes.includes('plc.example'), `${where} is what was written`).toBe(true);
      for (const secret of [...Object.values(secrets), testPassphrase]) {
        expect(bytes.includes(secret), `${secret} in ${where}`).toBe(false);
        expect(bytes.includes(Buffer.from(secret, 'utf16le')), `${secret} in ${where}`).toBe(false);
      }
    }

    const again = await file.unlock(testPassphrase);
    expect(again.authorities.privateKeyPem('authority-1')).toBe(secrets.authority);
    expect(again.certificates.privateKeyPem('0a')).toBe(secrets.certificate);
    expect(again.credentials.secrets('c1')).toBe(JSON.stringify({ password: secrets.credential }));
    expect(again.tokenKeys.privateKeyPem('k1')).toBe(secrets.token);
    expect(again.devices.loginSecret(plantRow('a').plantId)).toBe(secrets.login);
    expect(again.signingSecrets.get(plantRow('a').plantId)).toBe(secrets.signing);
  });

  test('a sealed value moved to another row makes the vault damaged', async () => {
    const { file, vault, path } = await createVault();
    const victim = plantSecrets(vault);
    const attacker = plantRow('b').plantId;
    vault.plants.insert(plantRow('b'));
    vault.signingSecrets.set(attacker, 'other', moment);
    file.lock();

    const db = new Database(path);
    db.prepare(
      'UPDATE signingSecrets SET secret = (SELECT secret FROM signingSecrets WHERE plantId = ?) WHERE plantId = ?',
    ).run(victim, attacker);
    db.close();
    await expect(file.unlock(testPassphrase)).rejects.toThrow(code('vault/damaged'));
  });

  test('a folder in the place of the vault is not a vault', async () => {
    const path = await vaultPath();
    await mkdir(path);
    await expect(vaultFile(path).unlock(testPassphrase)).rejects.toThrow(code('vault/not-a-vault'));
  });
});
