// What happens to transfers over SFTP and by scp. After each of it a device holds the old set whole or the new set whole
// once somebody has looked after it, and what the console says of it is true.

import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { DeviceLink } from '../../electron/device/device-link.ts';
import type { DeploymentFile } from '../../electron/device/files.ts';
import { openSftpLink } from '../../electron/device/sftp/sftp-link.ts';
import { shellLink } from '../../electron/device/shell-link.ts';
import type { RemoteSession } from '../../electron/remote/session.ts';
import type { Sftp } from '../../electron/remote/sftp.ts';
import { onDevice, rootRights, shellOf } from '../support/devices.ts';
import { startLink } from '../support/link.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';
import { over, scpKinds, sftpKinds, type TransportKind } from '../support/transports.ts';
import { until } from '../support/until.ts';

const fileSet = (generation: string, padding = ''): DeploymentFile[] => [
  { name: 'ca.crt', mode: 0o644, content: `authority ${generation}\n${padding}` },
  { name: 'device.crt', mode: 0o644, content: `certificate ${generation}\n` },
  { name: 'device.key', mode: 0o600, content: `key ${generation}` },
];
const names = ['ca.crt', 'device.crt', 'device.key'];

const codeOf = (attempt: Promise<unknown>): Promise<string | undefined> =>
  attempt.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );

/** Which generation each file is of; a whole set is one word. */
async function heldIn(directory: string): Promise<string> {
  const generations = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(directory, name), 'utf8').catch(() => '- nothing');
      return text.split(/\s/)[1] ?? '';
    }),
  );
  return [...new Set(generations)].join(' and ');
}

/** What changes something on the device. */
const changes = ['create', 'setMode', 'makeDirectory', 'replace', 'rename', 'remove', 'removeDirectory'];

/** A session whose SFTP has `before` called ahead of its n-th change; false leaves that change out. */
const withFault = (
  session: RemoteSession,
  before: (n: number, method: string, path: string) => Promise<boolean>,
): Pick<RemoteSession, 'openSftp'> => ({
  openSftp: async (options) => {
    let count = 0;
    return new Proxy<Sftp>(await session.openSftp(options), {
      get: (sftp, method) => {
        const member: unknown = Reflect.get(sftp, method, sftp);
        if (typeof member !== 'function' || typeof method !== 'string') return member;
        return async (...args: readonly unknown[]) => {
          if (changes.includes(method)) {
            count += 1;
            if (!(await before(count, method, String(args.at(method === 'replace' ? 1 : 0))))) return undefined;
          }
          return await Reflect.apply(member, sftp, args);
        };
      },
    });
  },
});
const settled = { settleMs: 60 };
/** Does `work` over a connection that ends instead of the change that `isLast` says. */
const cutting = async <T>(
  session: RemoteSession,
  isLast: (n: number, method: string, path: string) => boolean,
  work: (link: DeviceLink) => Promise<T>,
): Promise<T> => {
  const before = async (n: number, method: string, path: string) => {
    if (isLast(n, method, path)) session.close();
    return true;
  };
  return await work(await openSftpLink(withFault(session, before), settled));
};
/** The second file that takes its place in `directory`. */
function amongMoves(directory: string): (n: number, method: string, path: string) => boolean {
  let moves = 0;
  return (_n, method, path) => {
    if (method === 'replace' && names.some((name) => path === `${directory}/${name}`)) moves += 1;
    return moves === 2;
  };
}
/** Many connections, each with its handshake. */
const manyMs = 240_000;

for (const transport of [...sftpKinds, ...scpKinds])
  describeWith(
    ...transport.programs,
    ...rootRights,
    'mount',
    'umount',
  )(`faults of ${transport.kind}`, () => {
    let device: SshDevice;
    let directory = '';
    let count = 0;
    const local = (name = '') => device.locally(join(directory, name));
    const held = () => heldIn(local());
    const onLink = <T>(work: (link: DeviceLink) => Promise<T>, port?: number) => over(transport, device, work, port);
    const deploySet = (files: readonly DeploymentFile[], port?: number) =>
      onLink((link) => link.deploy({ directory, files }), port);

    /** What the next look does, and what the device holds then. */
    async function afterLook(): Promise<string> {
      await onLink(async (link) => {
        const installation = async () => (await link.readState(directory, names)).installation;
        await until(async () => (await installation()) !== 'running');
        if ((await installation()) === 'cutOff') await link.mend(directory, names);
        expect(await installation()).toBe('none');
      });
      expect((await readdir(local())).filter((name) => name.startsWith('.'))).toEqual(['.previous']);
      return await held();
    }

    beforeAll(async () => {
      device = await transport.start();
    });
    afterAll(() => device.stop());
    beforeEach(() => {
      count += 1;
      directory = `${device.base}/voke-${count}`;
    });

    it(
      'hold a whole set when the link is cut at any part of the transfer',
      async () => {
        const padding = 'x'.repeat(3_000);
        await deploySet(fileSet('one'));
        const whole = await startLink(device.port);
        await deploySet(fileSet('two', padding), whole.port);
        const sent = whole.sent();
        await whole.stop();
        await deploySet(fileSet('one'));
        const codes = new Set<string | undefined>();
        for (let cutAfter = 200; cutAfter < sent; cutAfter += Math.ceil(sent / 40)) {
          const link = await startLink(device.port, { cutAfter });
          const code = await codeOf(deploySet(fileSet('two', padding), link.port));
          await link.stop();
          codes.add(code);
          const after = await afterLook();
          expect(code ? ['one', 'two'] : ['two']).toContain(after);
          if (after === 'two') await deploySet(fileSet('one'));
        }
        expect(codes).toContain('remote/connection-lost');
        expect([...codes].filter((code) => code !== undefined && !code.startsWith('remote/'))).toEqual([]);
      },
      manyMs,
    );

    it(
      'keep the old set when the disk is full, at whatever step it fills up',
      async () => {
        await mkdir(local());
        await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', local()]);
        onTestFinished(async () => void (await run('umount', [local()])));
        await deploySet(fileSet('one'));
        const codes = new Set<string>();
        for (let size = 8; size < 60; size += 4) {
          const code = await codeOf(deploySet(fileSet('two', 'x'.repeat(size * 1024))));
          if (code) codes.add(code);
          expect(await afterLook()).toBe(code ? 'one' : 'two');
          if (code) continue;
          for (const name of await readdir(local())) await rm(local(name), { recursive: true });
          await deploySet(fileSet('one'));
        }
        // Without statvfs@openssh.com nobody tells a full disk from anything else.
        expect([...codes]).toEqual([
          transport.kind === 'SFTP without any extension' ? 'device/install-failed' : 'device/disk-full',
        ]);
      },
      manyMs,
    );

    it('keep the old set when the file system is read-only', async () => {
      await deploySet(fileSet('one'));
      await run('mount', ['--bind', local(), local()]);
      onTestFinished(async () => void (await run('umount', [local()])));
      await run('mount', ['-o', 'remount,bind,ro', local()]);
      expect(['device/not-writable', 'device/read-only', 'device/install-failed']).toContain(
        await codeOf(deploySet(fileSet('two'))),
      );
      expect(await held()).toBe('one');
    });
  });

/** dropbear runs the same server. */
for (const transport of sftpKinds.filter(({ kind }) => !kind.includes('dropbear')))
  describeWith(...transport.programs)(`changes over ${transport.kind}`, () => {
    let device: SshDevice;
    let directory = '';
    let count = 0;
    const local = (name = '') => device.locally(join(directory, name));
    const held = () => heldIn(local());
    const onLink = <T>(work: (link: DeviceLink) => Promise<T>) => over(transport, device, work);
    const deploySet = (generation: string) => onLink((link) => link.deploy({ directory, files: fileSet(generation) }));
    const look = () => onLink((link) => link.readState(directory, names));
    const mend = () => onLink((link) => link.mend(directory, names));
    const faulty = <T>(before: Parameters<typeof withFault>[1], work: (link: DeviceLink) => Promise<T>) =>
      onDevice(device, async (session) => work(await openSftpLink(withFault(session, before), settled)));
    /** Ends what was cut off, and says how; 'whole' when there was nothing to end. */
    const endCutOff = () =>
      onLink(async (link) => {
        const { installation } = await link.readState(directory, names);
        return installation === 'cutOff' ? await link.mend(directory, names) : 'whole';
      });
    const cutAt = <T>(at: number, work: (link: DeviceLink) => Promise<T>) =>
      onDevice(device, (session) => cutting(session, (n) => n === at, work));
    const cutAmongMoves = () =>
      onDevice(device, (session) =>
        cutting(session, amongMoves(directory), (link) => link.deploy({ directory, files: fileSet('two') })),
      );

    beforeAll(async () => {
      device = await transport.start();
    });
    afterAll(() => device.stop());
    beforeEach(() => {
      count += 1;
      directory = `${device.base}/voke-${count}`;
    });

    it(
      'are mended after the link was cut between any two of them',
      async () => {
        const mixes = new Set<string>();
        const ends = new Set<string>();
        await deploySet('zero');
        await deploySet('one');
        for (let at = 1; ; at += 1) {
          const code = await codeOf(cutAt(at, (link) => link.deploy({ directory, files: fileSet('two') })));
          if (code === undefined) break;
          expect(code).toBe('remote/connection-lost');
          const cut = await held();
          if (cut.includes('and')) mixes.add(cut);
          const end = await endCutOff();
          ends.add(end);
          if (cut.includes('and')) expect(end).not.toBe('whole');
          // What one can go back to is what it was, or the set that was replaced.
          expect(['zero one', 'one two']).toContain(`${await heldIn(local('.previous'))} ${await held()}`);
          if ((await held()) === 'one') continue;
          await onLink((link) => link.rollback(directory, names));
          await deploySet('zero');
          await deploySet('one');
        }
        expect(await held()).toBe('two');
        expect([...mixes]).not.toEqual([]);
        expect([...ends]).toEqual(expect.arrayContaining(['cleared', 'finished', 'putBack']));
      },
      manyMs,
    );

    it(
      'are mended as well when what was cut off is a rollback, and take no set away',
      async () => {
        await deploySet('one');
        await deploySet('two');
        const ends = new Set<string>();
        for (let at = 1; ; at += 1) {
          const code = await codeOf(cutAt(at, (link) => link.rollback(directory, names)));
          ends.add(await endCutOff());
          expect([await held(), await heldIn(local('.previous'))].toSorted()).toEqual(['one', 'two']);
          if (code === undefined) break;
        }
        expect([...ends]).toEqual(expect.arrayContaining(['cleared', 'finished', 'putBack']));
      },
      manyMs,
    );

    it(
      'are mended by the next deployment, which keeps the whole set for going back',
      async () => {
        await deploySet('one');
        expect(await codeOf(cutAmongMoves())).toBe('remote/connection-lost');
        expect(await held()).toContain('and');
        await deploySet('three');
        expect(await held()).toBe('three');
        await onLink((link) => link.rollback(directory, names));
        expect(await held()).toBe('one');
      },
      manyMs,
    );

    it('are taken back when one of the moves is refused', async () => {
      await deploySet('one');
      let moves = 0;
      const refuse = async (_n: number, method: string, path: string) => {
        if (method !== 'replace' || !path.startsWith(`${directory}/device`)) return true;
        moves += 1;
        // What is to be replaced is a directory by now, so that the server refuses.
        if (moves === 2) {
          await rm(local('device.key'));
          await mkdir(local('device.key/full'), { recursive: true });
        }
        if (moves === 3) await rm(local('device.key'), { recursive: true });
        return true;
      };
      await expect(faulty(refuse, (link) => link.deploy({ directory, files: fileSet('two') }))).rejects.toMatchObject({
        code: 'device/install-failed',
      });
      expect(await held()).toBe('one');
      expect((await look()).installation).toBe('none');
    });

    it('end for a run whose stage somebody took over, and are mended by them', async () => {
      await deploySet('one');
      let moves = 0;
      const takeOver = async (_n: number, method: string, path: string) => {
        if (method === 'replace' && path.startsWith(`${directory}/device`)) moves += 1;
        if (moves !== 2) return true;
        await rm(local('.incoming'), { recursive: true, force: true });
        await mkdir(local('.incoming/another'), { recursive: true });
        await writeFile(local('.incoming/another/device.key'), 'key three');
        return true;
      };
      await expect(faulty(takeOver, (link) => link.deploy({ directory, files: fileSet('two') }))).rejects.toMatchObject(
        { code: 'device/unconfirmed' },
      );
      expect(await held()).toContain('and');
      expect(await mend()).toBe('putBack');
      expect(await held()).toBe('one');
    });

    it('wait while another installation is at work', async () => {
      await deploySet('one');
      await mkdir(local('.incoming'));
      let isWorking = true;
      const work = (async () => {
        while (isWorking) await appendFile(local('.incoming/ca.crt'), 'more\n');
      })();
      expect((await look()).installation).toBe('running');
      for (const other of [() => deploySet('two'), mend]) {
        expect(await codeOf(other())).toBe('device/installation-running');
      }
      isWorking = false;
      await work;
      expect(await held()).toBe('one');
      expect((await look()).installation).toBe('cutOff');
      await deploySet('two');
      expect(await held()).toBe('two');
    });

    it('do not count where a server says that it made them and did not', async () => {
      await deploySet('one');
      const lie = async (_n: number, method: string, path: string) =>
        !(method === 'replace' && path === `${directory}/device.key`);
      await expect(faulty(lie, (link) => link.deploy({ directory, files: fileSet('two') }))).rejects.toMatchObject({
        code: 'device/hash-mismatch',
        details: { files: ['device.key'] },
      });
      await onLink((link) => link.rollback(directory, names));
      expect(await held()).toBe('one');
    });
  });

describeWith('sshd', 'ssh-keygen')('a device whose transport was changed', () => {
  const transport: TransportKind = {
    kind: 'SFTP beside a shell',
    programs: [],
    start: () => startSshd({ lines: ['Subsystem sftp internal-sftp'] }),
    open: (session) => openSftpLink(session, settled),
  };
  const overShell = <T>(device: SshDevice, work: (link: DeviceLink) => Promise<T>) =>
    onDevice(device, (session) => work(shellLink(shellOf(session))));

  it(
    'has what was cut off ended by the other transport',
    async () => {
      const device = await transport.start();
      onTestFinished(device.stop);
      const directory = `${device.base}/voke`;
      const deploySet = (generation: string) => (link: DeviceLink) =>
        link.deploy({ directory, files: fileSet(generation) });
      await overShell(device, deploySet('one'));

      const cut = onDevice(device, (session) => cutting(session, amongMoves(directory), deploySet('two')));
      expect(await codeOf(cut)).toBe('remote/connection-lost');
      expect(await heldIn(directory)).toContain('and');
      expect((await overShell(device, (link) => link.readState(directory, names))).installation).toBe('cutOff');
      expect(await overShell(device, (link) => link.mend(directory, names))).toBe('putBack');
      expect(await heldIn(directory)).toBe('one');

      await device.standIn?.('mv', (real) => `${real} "$@"\ncase "$*" in *device.crt*) kill -9 $PPID ;; esac`);
      expect(await codeOf(overShell(device, deploySet('three')))).toBe('device/unconfirmed');
      expect(await heldIn(directory)).toContain('and');
      expect(await over(transport, device, (link) => link.mend(directory, names))).toBe('putBack');
      expect(await heldIn(directory)).toBe('one');
    },
    manyMs,
  );
});
