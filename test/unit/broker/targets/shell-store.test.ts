// The files of a push in real shells: what Debian has, and what a small container has.

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ShellStore } from '../../../../electron/broker/targets/shell/shell-store.ts';
import type { BrokerFiles } from '../../../../shared/model/broker-files.ts';
import { localShell } from '../../../support/local-shell.ts';
import { findProgram } from '../../../support/requirements.ts';

const isRoot = process.getuid?.() === 0;
const shells = [
  ['sh', ['sh', '-s']],
  ['bash', ['bash', '-s']],
  ['busybox', ['busybox', 'sh', '-s']],
] as const;

const names = ['mosquitto.conf', 'acl', 'passwd-devices', 'jwt-public.der', 'server.key'];
const binary = randomBytes(5000);
const set = (generation: string, more: Readonly<Record<string, Uint8Array>> = {}): BrokerFiles =>
  Object.entries({
    'mosquitto.conf': Buffer.from(`listener 1883\n# ${generation} '$(id)' \`id\` \\ ř\n`),
    acl: Buffer.from('user same\n'),
    'passwd-devices': Buffer.from(''),
    'jwt-public.der': binary,
    ...more,
  }).map(([name, content]) => ({ name, content, mode: 0o600, secret: name === 'passwd-devices' }));

for (const [shell, command] of shells.filter(([, [program]]) => findProgram(program) !== undefined))
  describe(`a push in ${shell}`, () => {
    let root: string;
    let directory: string;
    let store: ShellStore;
    let count = 0;

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'voke-shell-'));
      directory = join(root, 'config');
      await mkdir(directory);
      store = open();
    });
    afterEach(() => rm(root, { recursive: true, force: true }));

    const path = (...parts: string[]) => join(directory, ...parts);
    const open = (owner: string | null = null, host = localShell(command)) =>
      new ShellStore({ host, directory, owner, names });

    const mark = (pushId: string) => {
      count += 1;
      const startedAt = new Date(count * 1000).toISOString();
      return { pushId, startedBy: 'Jana "at" laptop\n', startedAt, wasRunning: true };
    };
    async function stage(pushId: string, files: BrokerFiles) {
      const signed = mark(pushId);
      await store.open(signed);
      await store.stage(pushId, signed.startedAt, files);
      return signed;
    }
    async function push(pushId: string, files: BrokerFiles) {
      const { startedAt } = await stage(pushId, files);
      await store.swap(pushId, files);
      await store.keep(pushId, startedAt);
    }
    async function undo(pushId: string) {
      const rejected = await store.restore(pushId);
      await store.release(pushId);
      return [...rejected].sort();
    }
    const sorted = (files: BrokerFiles | undefined) =>
      [...(files ?? [])]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((file) => ({ ...file, content: Buffer.from(file.content) }));
    /** Read by somebody who knows nothing yet. */
    const inForce = async () => sorted(await open().read());

    it('brings files to the byte, with their modes, and keeps the set before', async () => {
      expect(await store.read()).toBeUndefined();
      await push('one', set('one'));
      expect(await inForce()).toMatchObject(
        sorted(set('one')).map(({ name, content, mode }) => ({ name, content, mode })),
      );
      expect(await store.generations()).toEqual([]);
      await push('two', set('two'));
      expect(await store.generations()).toMatchObject([{ generationId: 'one' }]);
      expect(sorted(await open().readGeneration('one'))).toMatchObject(
        sorted(set('one')).map(({ content }) => ({ content })),
      );
      expect((await stat(path('.voke'))).mode & 0o777).toBe(0o700);
      expect(await store.mark()).toBeUndefined();
    });

    it('has nothing in force before the swap', async () => {
      await stage('one', set('one'));
      expect(await store.read()).toBeUndefined();
      expect(await store.mark()).toMatchObject({ pushId: 'one', step: 'staged', startedBy: 'Jana "at" laptop\n' });
    });

    it('sends only what differs', async () => {
      const large = Buffer.from(randomBytes(300_000).toString('hex'));
      const host = localShell(command);
      store = open(null, host);
      await push('one', set('one', { acl: large }));
      const before = host.sent();
      await push('two', set('two', { acl: large }));
      expect(host.sent() - before).toBeLessThan(100_000);
      expect(await inForce()).toHaveLength(4);
    });

    it('lets one console in, of many that come at once', async () => {
      const attempts = await Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => open().open(mark(id))));
      const refused = attempts.filter((attempt) => attempt.status === 'rejected');
      expect(refused).toHaveLength(3);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'broker/push-in-progress' });
      const winner = attempts.findIndex(({ status }) => status === 'fulfilled');
      expect(await store.mark()).toMatchObject({ pushId: ['a', 'b', 'c', 'd'][winner] });
      await expect(store.open(mark('e'))).rejects.toMatchObject({
        code: 'broker/push-in-progress',
        details: { startedBy: 'Jana "at" laptop\n' },
      });
    });

    it('takes part in no push but its own', async () => {
      await store.open(mark('one'));
      const attempts = [
        () => store.stage('two', '', set('x')),
        () => store.swap('two', set('x')),
        () => store.restore('two'),
        () => store.release('two'),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'broker/no-such-push' });
    });

    it('puts back what was live, files of others too, and takes away what was not', async () => {
      await writeFile(path('mosquitto.conf'), 'of somebody else\n', { mode: 0o640 });
      await writeFile(path('other.conf'), 'not ours at all\n');
      const before = await inForce();
      await stage('one', set('one'));
      await store.swap('one', set('one'));
      expect(await undo('one')).toEqual(['acl', 'jwt-public.der', 'mosquitto.conf', 'passwd-devices']);
      expect(await inForce()).toEqual(before);
      expect(await readdir(directory)).toEqual(expect.arrayContaining(['other.conf', 'mosquitto.conf']));
      expect(await store.mark()).toBeUndefined();
    });

    it('keeps files of others as a generation to go back to', async () => {
      await writeFile(path('acl'), 'user somebody\n');
      await push('one', set('one'));
      await push('two', set('two'));
      expect(await store.generations()).toMatchObject([{ generationId: 'one' }, { generationId: 'found-before-one' }]);
      expect(sorted(await store.readGeneration('found-before-one'))).toMatchObject([
        { name: 'acl', content: Buffer.from('user somebody\n') },
      ]);
    });

    it('takes away what an earlier push wrote and this one does not, but no file of others', async () => {
      await writeFile(path('server.key'), 'of somebody else');
      await push('one', set('one', { 'jwt-old.der': binary }));
      await push('two', set('two'));
      expect((await readdir(directory)).sort()).toEqual([
        '.voke',
        'acl',
        'jwt-public.der',
        'mosquitto.conf',
        'passwd-devices',
        'server.key',
      ]);
    });

    it('undoes a push that took a file away', async () => {
      await push('one', set('one', { 'jwt-old.der': binary }));
      await stage('two', set('two'));
      await store.swap('two', set('two'));
      expect(await undo('two')).toEqual(['jwt-old.der', 'mosquitto.conf']);
      expect(await readFile(path('jwt-old.der'))).toEqual(binary);
    });

    it('undoes again, and a push that never got far', async () => {
      await push('one', set('one'));
      await store.open(mark('two'));
      expect(await undo('two')).toEqual([]);
      await stage('three', set('three'));
      expect(await undo('three')).toEqual([]);
      await stage('four', set('four'));
      await store.swap('four', set('four'));
      expect([...(await store.restore('four'))]).toEqual(['mosquitto.conf']);
      expect(await undo('four')).toEqual(['mosquitto.conf']);
      expect(await inForce()).toMatchObject(sorted(set('one')).map(({ content }) => ({ content })));
    });

    it('undoes wherever the renames of a swap were cut off', async () => {
      await push('one', set('one'));
      await stage('two', set('two', { acl: Buffer.from('user new\n'), 'server.key': Buffer.from('key') }));
      await rename(path('.voke/push/staged/mosquitto.conf'), path('mosquitto.conf'));
      await rename(path('.voke/push/staged/server.key'), path('server.key'));
      expect(await undo('two')).toEqual(['mosquitto.conf', 'server.key']);
      expect(await inForce()).toMatchObject(sorted(set('one')).map(({ content }) => ({ content })));
    });

    it('finishes where the renames of a swap were cut off', async () => {
      await push('one', set('one'));
      const { startedAt } = await stage('two', set('two', { acl: Buffer.from('user new\n') }));
      await rename(path('.voke/push/staged/mosquitto.conf'), path('mosquitto.conf'));
      await store.swap('two', undefined);
      await store.keep('two', startedAt);
      expect(await readFile(path('acl'), 'utf8')).toBe('user new\n');
      expect(sorted(await store.readGeneration('one'))).toHaveLength(4);
    });

    it.each([
      ['staged', '.voke/push/staged/mosquitto.conf', 'broker/hash-mismatch'],
      ['live and unchanged by the push', 'acl', 'broker/hash-mismatch'],
      ['live and about to be replaced', 'mosquitto.conf', 'broker/changed-meanwhile'],
    ])('swaps nothing in when a file was damaged that is %s', async (_what, file, code) => {
      await push('one', set('one'));
      await stage('two', set('two'));
      await writeFile(path(file), 'damaged\n');
      await expect(store.swap('two', set('two'))).rejects.toMatchObject({ code });
      expect(await readFile(path('mosquitto.conf'), 'utf8')).not.toContain('two');
    });

    it.each([
      ['emptied', (staged: string) => writeFile(staged, '')],
      ['taken away', (staged: string) => rm(staged)],
    ])('swaps nothing in when a staged file was %s', async (_how, damage) => {
      await push('one', set('one'));
      await stage('two', set('two'));
      await damage(path('.voke/push/staged/mosquitto.conf'));
      await expect(store.swap('two', set('two'))).rejects.toMatchObject({ code: 'broker/hash-mismatch' });
      expect(await readFile(path('mosquitto.conf'), 'utf8')).toContain('one');
    });

    it('runs nothing of a script that was cut off anywhere', async () => {
      await push('one', set('one'));
      await store.open(mark('two'));
      const whole = localShell(command);
      await new ShellStore({ host: whole, directory, owner: null, names }).stage('two', '2020', set('two'));
      const length = whole.sent();
      await undo('two');
      await store.open(mark('three'));
      for (const part of [0.1, 0.5, 0.9, 0.999]) {
        const cut = open(null, localShell(command, { cutAfter: Math.floor((length * part) / 2) }));
        await expect(cut.stage('three', '2020', set('two'))).rejects.toMatchObject({
          code: expect.stringMatching(/^broker\/(write-failed|unconfirmed)$/),
        });
      }
      expect(await undo('three')).toEqual([]);
      expect(await inForce()).toMatchObject(sorted(set('one')).map(({ content }) => ({ content })));
    });

    it('keeps five generations', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await push(id, set(id));
      expect((await store.generations()).map(({ generationId }) => generationId)).toEqual(['f', 'e', 'd', 'c', 'b']);
      await expect(store.readGeneration('a')).rejects.toMatchObject({ code: 'broker/no-such-generation' });
      await expect(store.readGeneration('../push')).rejects.toMatchObject({ code: 'broker/no-such-generation' });
    });

    it('keeps no generation of a push that changed nothing', async () => {
      await push('one', set('one'));
      await push('two', set('one'));
      expect(await store.generations()).toEqual([]);
    });

    it('says what is wrong with the directory, and changes nothing', async () => {
      await rm(directory, { recursive: true });
      await expect(store.read()).rejects.toMatchObject({ code: 'broker/config-directory-missing' });
      await expect(store.open(mark('one'))).rejects.toMatchObject({ code: 'broker/config-directory-missing' });
      await writeFile(directory, '');
      await expect(store.read()).rejects.toMatchObject({ code: 'broker/config-directory-missing' });
    });

    it('writes through no symbolic link', async () => {
      await symlink('/etc/hostname', path('acl'));
      await expect(stage('one', set('one'))).rejects.toMatchObject({ code: 'broker/not-a-regular-file' });
      expect(await undo('one')).toEqual([]);
    });

    it.runIf(isRoot)('gives the files to the account of the broker, also one that is right already', async () => {
      await push('one', set('one'));
      expect((await stat(path('acl'))).uid).toBe(0);
      store = open('1883:1884');
      await push('two', set('two'));
      for (const name of ['acl', 'mosquitto.conf', 'jwt-public.der']) {
        expect(await stat(path(name))).toMatchObject({ uid: 1883, gid: 1884 });
        expect((await stat(path(name))).mode & 0o777).toBe(0o600);
      }
      store = open('no-such-user-here');
      await expect(stage('three', set('three'))).rejects.toMatchObject({ code: 'broker/owner-not-set' });
    });

    it('replaces a file that is open to everyone by one that is not', async () => {
      await push('one', set('one'));
      await chmod(path('acl'), 0o644);
      await push('two', set('one'));
      expect((await stat(path('acl'))).mode & 0o777).toBe(0o600);
    });
  });
