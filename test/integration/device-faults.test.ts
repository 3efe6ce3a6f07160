// What happens to devices in the field, on real SSH servers. After each of it a device holds the old set whole or the
// new set whole once somebody has looked after it, and what the console says of it is true.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { deploy } from '../../electron/device/deploy.ts';
import type { DeploymentFile } from '../../electron/device/files.ts';
import { mend } from '../../electron/device/mend.ts';
import { readState } from '../../electron/device/read-state.ts';
import { restartClient } from '../../electron/device/restart.ts';
import { rollback } from '../../electron/device/rollback.ts';
import type { RemoteSession } from '../../electron/remote/session.ts';
import { deviceKinds, onDevice, rootRights, shellOf } from '../support/devices.ts';
import { startLink } from '../support/link.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { until } from '../support/until.ts';

const fileSet = (generation: string, padding = ''): DeploymentFile[] => [
  { name: 'ca.crt', mode: 0o644, content: `authority ${generation}\n${padding}` },
  { name: 'device.crt', mode: 0o644, content: `certificate ${generation}\n` },
  { name: 'device.key', mode: 0o600, content: `key ${generation}` },
];
const names = ['ca.crt', 'device.crt', 'device.key'];
/** `mv` is called so often by a deployment over another set: two kept sets, the mark, the three files. */
const moves = [1, 2, 3, 4, 5, 6];

for (const { kind, programs, start } of deviceKinds.filter(({ kind }) => kind !== 'practice device'))
  describeWith(
    ...programs,
    ...rootRights,
    'mount',
    'umount',
  )(`faults of ${kind}`, () => {
    let device: SshDevice;
    let directory = '';
    let count = 0;
    const local = (name = '') => device.locally(join(directory, name));
    const aside = (name: string) => device.locally(join(device.base, name));

    const deploySet = (files: readonly DeploymentFile[], port?: number) =>
      onDevice(device, (session) => deploy(shellOf(session), { directory, files }), port);
    const mendIt = () => onDevice(device, (session) => mend(shellOf(session), directory, names));
    const look = (session: RemoteSession) => readState(shellOf(session), directory, names);
    const stateNow = () => onDevice(device, look);

    /** Which generation each file is of; a whole set is one word. */
    async function held(): Promise<string> {
      const generations = await Promise.all(
        names.map(async (name) => {
          const text = await readFile(local(name), 'utf8').catch(() => '- nothing');
          return text.split(/\s/)[1] ?? '';
        }),
      );
      return [...new Set(generations)].join(' and ');
    }

    /** Lets the device's `mv` do `then` behind its n-th call from now on. */
    async function afterMove(n: number, then: string): Promise<void> {
      await writeFile(aside('limit'), `${n}\n`);
      await rm(aside('count'), { force: true });
      const at = (name: string) => `${device.base}/${name}`;
      await device.standIn?.(
        'mv',
        (real) => `${real} "$@" || exit
n=$(($(cat ${at('count')} 2>/dev/null || echo 0) + 1))
echo $n >${at('count')}
if [ "$n" = "$(cat ${at('limit')})" ]; then
${then}
fi`,
      );
    }
    const hang = () => `touch ${device.base}/hanging
while [ -e ${device.base}/hanging ]; do sleep 0.1; done`;
    const isHanging = async () => (await readdir(device.locally(device.base))).includes('hanging');
    const letGo = () => rm(aside('hanging'), { force: true });

    async function mount(...args: readonly string[]): Promise<void> {
      await run('mount', args);
    }

    beforeAll(async () => {
      device = await start();
    });
    afterAll(() => device.stop());
    beforeEach(async () => {
      count += 1;
      directory = `${device.base}/voke-${count}`;
      await afterMove(0, ':');
      await letGo();
    });

    it('is mended after its shell was killed between any two moves', async () => {
      const seen = new Set<string>();
      await deploySet(fileSet('one'));
      for (const n of moves) {
        await afterMove(n, 'kill -9 $PPID');
        await expect(deploySet(fileSet('two'))).rejects.toMatchObject({ code: 'device/unconfirmed' });
        await afterMove(0, ':');
        seen.add(await held());
        expect((await stateNow()).installation).toBe('cutOff');
        const done = await mendIt();
        expect([n, done, await held()]).toEqual([
          n,
          n <= 2 ? 'cleared' : n === 6 ? 'finished' : 'putBack',
          n === 6 ? 'two' : 'one',
        ]);
        expect((await stateNow()).installation).toBe('none');
        expect((await readdir(local())).sort()).toEqual(['.previous', ...names]);
      }
      // The kills did leave mixes.
      expect([...seen].filter((generations) => generations.includes('and'))).not.toEqual([]);
    });

    it('is mended by the next deployment, and by a rollback', async () => {
      await deploySet(fileSet('one'));
      await afterMove(5, 'kill -9 $PPID');
      await expect(deploySet(fileSet('two'))).rejects.toMatchObject({ code: 'device/unconfirmed' });
      await afterMove(0, ':');
      await deploySet(fileSet('three'));
      expect(await held()).toBe('three');
      // What it goes back to is the whole set that was put back, not the mix.
      await onDevice(device, (session) => rollback(shellOf(session), directory, names));
      expect(await held()).toBe('one');

      await afterMove(5, 'kill -9 $PPID');
      await expect(deploySet(fileSet('four'))).rejects.toMatchObject({ code: 'device/unconfirmed' });
      await afterMove(0, ':');
      await onDevice(device, (session) => rollback(shellOf(session), directory, names));
      expect(await held()).toBe('one');
    });

    it('is mended after a first deployment was cut off: it holds nothing again', async () => {
      await afterMove(3, 'kill -9 $PPID');
      await expect(deploySet(fileSet('one'))).rejects.toMatchObject({ code: 'device/unconfirmed' });
      await afterMove(0, ':');
      expect(await held()).toBe('one and nothing');
      expect(await mendIt()).toBe('putBack');
      expect(await held()).toBe('nothing');
    });

    it('is mended after it lost its power between two moves', async () => {
      await deploySet(fileSet('one'));
      for (const n of [3, 4, 5]) {
        await afterMove(n, hang());
        const attempt = deploySet(fileSet('two'));
        const failure = expect(attempt).rejects.toMatchObject({ code: 'remote/connection-lost' });
        await until(isHanging);
        await device.reboot?.();
        await failure;
        await letGo();
        await afterMove(0, ':');
        expect((await stateNow()).installation).toBe('cutOff');
        expect(await mendIt()).toBe('putBack');
        expect(await held()).toBe('one');
      }
    });

    it('goes on alone when the link is cut between two moves, and lets nobody else in meanwhile', async () => {
      await deploySet(fileSet('one'));
      for (const n of moves) {
        const generation = `number${n}`;
        await afterMove(n, hang());
        const link = await startLink(device.port);
        const failure = expect(deploySet(fileSet(generation), link.port)).rejects.toMatchObject({
          code: 'remote/connection-lost',
        });
        await until(isHanging);
        await link.stop();
        await failure;
        expect((await stateNow()).installation).toBe('running');
        for (const other of [() => deploySet(fileSet('two')), mendIt]) {
          await expect(other()).rejects.toMatchObject({ code: 'device/installation-running' });
        }
        await letGo();
        await until(async () => (await stateNow()).installation === 'none');
        expect(await held()).toBe(generation);
      }
    });

    it('keeps the old set when the link is cut at any part of the transfer', async () => {
      const padding = 'x'.repeat(8_000);
      await deploySet(fileSet('one'));
      const whole = await startLink(device.port);
      await deploySet(fileSet('two', padding), whole.port);
      const sent = whole.sent();
      await whole.stop();
      await deploySet(fileSet('one'));
      const failures = new Set<string>();
      for (let cutAfter = 200; cutAfter < sent; cutAfter += 700) {
        const link = await startLink(device.port, { cutAfter });
        const failure = await deploySet(fileSet('two', padding), link.port).then(
          () => undefined,
          (error: { code: string }) => error.code,
        );
        await link.stop();
        if (failure) failures.add(failure);
        if ((await stateNow()).installation !== 'none') {
          await until(async () => (await stateNow()).installation !== 'running');
        }
        expect(failure ? ['one', 'two'] : ['two']).toContain(await held());
        if ((await held()) === 'two') await deploySet(fileSet('one'));
      }
      expect(failures).toContain('remote/connection-lost');
      expect([...failures].filter((code) => !code.startsWith('remote/'))).toEqual([]);
    });

    it('keeps the old set when its disk is full, at whatever step it fills up', async () => {
      await run('mkdir', [local()]);
      await mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', local());
      onTestFinished(async () => void (await run('umount', [local()])));
      await deploySet(fileSet('one'));
      const codes = new Set<string>();
      for (let size = 8; size < 60; size += 4) {
        const failure = await deploySet(fileSet('two', 'x'.repeat(size * 1024))).then(
          () => undefined,
          (error: { code: string }) => error.code,
        );
        if (failure) codes.add(failure);
        expect(await held()).toBe(failure ? 'one' : 'two');
        expect((await stateNow()).installation).toBe('none');
        if (failure) continue;
        for (const name of await readdir(local())) await rm(local(name), { recursive: true });
        await deploySet(fileSet('one'));
      }
      expect([...codes]).toEqual(['device/disk-full']);
    });

    it('keeps the old set when its file system is read-only', async () => {
      await deploySet(fileSet('one'));
      await mount('--bind', local(), local());
      onTestFinished(async () => void (await run('umount', [local()])));
      await mount('-o', 'remount,bind,ro', local());
      await expect(deploySet(fileSet('two'))).rejects.toMatchObject({
        code: expect.stringMatching(/^device\/(not-writable|read-only)$/),
      });
      expect(await held()).toBe('one');
    });

    it('restarts the MQTT client by the operator’s own command, and repeats what it complains of', async () => {
      await deploySet(fileSet('one'));
      const restart = (command: string) =>
        onDevice(device, (session) => restartClient(shellOf(session), directory, command));
      // A daemon that keeps its output open does not keep the console waiting.
      await restart(`(sleep 30; :) & echo "it's $((1 + 1))" >${directory}/restarted; cat`);
      expect(await readFile(local('restarted'), 'utf8')).toBe("it's 2\n");
      await expect(restart('echo no such unit >&2; exit 5')).rejects.toMatchObject({
        code: 'device/restart-failed',
        details: { exitStatus: '5', deviceSaid: 'no such unit' },
      });
      expect((await readdir(local())).sort()).toEqual(['.previous', ...names, 'restarted']);
    });

    it('does not believe a device that says it has moved files and has not', async () => {
      await deploySet(fileSet('one'));
      await device.standIn?.('mv', (real) => `case "$*" in *device.key*) exit 0 ;; esac\n${real} "$@"`);
      const attempt = deploySet(fileSet('two'));
      await expect(attempt).rejects.toMatchObject({ code: 'device/hash-mismatch', details: { files: ['device.key'] } });
      await device.standIn?.('mv', (real) => `exec ${real} "$@"`);
      await onDevice(device, (session) => rollback(shellOf(session), directory, names));
      expect(await held()).toBe('one');
    });
  });
