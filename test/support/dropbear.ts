// A private dropbear in a BusyBox root file system: what a small PLC offers. No SFTP, no GNU tools, a password login.
// dropbear has no SFTP server of its own: it runs /usr/lib/sftp-server where that is installed.

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { killTree } from './process-tree.ts';
import { freePort, run, startServer } from './processes.ts';
import { programPath } from './requirements.ts';
import { fingerprintOf, type SshDevice } from './ssh-device.ts';

const password = 'correct horse battery';

/**
 * Needs `dropbear` and `busybox` (Debian packages of these names), and root for chroot and mount. `programs`: more of this
 * machine's, by their paths.
 */
export async function startDropbear({
  programs = [],
}: {
  readonly programs?: readonly string[];
} = {}): Promise<SshDevice> {
  const root = await mkdtemp(join(tmpdir(), 'voke-dropbear-'));
  const inside = (path: string) => join(root, path);
  for (const path of ['bin', 'dev', 'etc/dropbear', 'proc', 'root', 'tmp'])
    await mkdir(inside(path), { recursive: true });
  await copyProgram(programPath('dropbear'), root, '/bin/dropbear');
  await copyProgram(programPath('busybox'), root, '/bin/busybox');
  for (const program of programs) await copyProgram(program, root);
  for (const applet of (await run('busybox', ['--list'])).split('\n').filter((name) => name !== '')) {
    if (applet !== 'busybox') await symlink('busybox', inside(`bin/${applet}`));
  }
  await run('mknod', ['-m', '666', inside('dev/null'), 'c', '1', '3']);
  await run('mount', ['-t', 'proc', 'proc', inside('proc')]);
  const hash = (await run('openssl', ['passwd', '-6', '-stdin'], password)).trim();
  await writeFile(inside('etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(inside('etc/group'), 'root:x:0:\n');
  await writeFile(inside('etc/shadow'), `root:${hash}:19000:0:99999:7:::\n`, { mode: 0o600 });
  const keyText = await run('dropbearkey', ['-t', 'ed25519', '-f', inside('etc/dropbear/key')]);
  const publicKey = keyText.split('\n').find((line) => line.startsWith('ssh-ed25519 '));
  const port = await freePort();
  const start = () =>
    startServer(
      'chroot',
      [root, '/bin/dropbear', '-F', '-E', '-r', '/etc/dropbear/key', '-p', `127.0.0.1:${port}`, '-P', '/tmp/pid'],
      port,
    );
  let server = await start();
  return {
    host: '127.0.0.1',
    port,
    username: 'root',
    authentication: { kind: 'password', password },
    fingerprint: fingerprintOf(await run('ssh-keygen', ['-lf', '-'], `${publicKey}\n`)),
    base: '/etc',
    locally: inside,
    standIn: async (name, script) => {
      await rm(inside(`bin/${name}`));
      await writeFile(inside(`bin/${name}`), `#!/bin/sh\n${script(`busybox ${name}`)}\n`, { mode: 0o755 });
    },
    reboot: async () => {
      await killTree(server.pid);
      server = await start();
    },
    stop: async () => {
      await server.stop();
      await run('umount', [inside('proc')]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Copies a program with the libraries that `ldd` names, each to the same path. */
async function copyProgram(program: string, root: string, target = program): Promise<void> {
  const libraries = [...(await run('ldd', [program])).matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  for (const [from, to] of [[program, target], ...libraries.map((library) => [library, library])] as [
    string,
    string,
  ][]) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(from, join(root, to), { dereference: true });
  }
}
