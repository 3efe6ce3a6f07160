// A private OpenSSH server on loopback: its own host key, its own authorized keys. Unless a test wants it otherwise it
// takes keys only, from the user who runs the test.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Cable } from './cable.ts';
import { killTree } from './process-tree.ts';
import { freePort, run, startServer } from './processes.ts';
import { programPath } from './requirements.ts';
import { fingerprintOf, type SshDevice } from './ssh-device.ts';

export type SshdOptions = {
  /** Log in by password, as this user; needs root. */
  readonly login?: { readonly username: string; readonly password: string };
  /** keyboard-interactive: as on servers that leave logins to PAM, with no `password` method. */
  readonly passwordMethod?: 'password' | 'keyboard-interactive';
  readonly hostKeyType?: 'ed25519' | 'rsa';
  /** Listens at the other end of it. */
  readonly cable?: Cable;
  /** More lines of sshd_config(5). */
  readonly lines?: readonly string[];
};

/** Needs `sshd` and `ssh-keygen` (Debian: openssh-server). */
export async function startSshd(options: SshdOptions = {}): Promise<SshDevice> {
  const { login, passwordMethod = 'password', hostKeyType = 'ed25519', lines = [], cable } = options;
  const usesPam = passwordMethod === 'keyboard-interactive';
  const home = await mkdtemp(join(tmpdir(), 'voke-sshd-'));
  const file = (name: string) => join(home, name);
  for (const [name, type] of [
    ['host-key', hostKeyType],
    ['client-key', 'ed25519'],
  ] as const) {
    await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file(name)]);
  }
  await writeFile(file('authorized_keys'), await readFile(file('client-key.pub')));
  const port = await freePort();
  const host = cable?.host ?? '127.0.0.1';
  const [program, ...first] = [...(cable?.there ?? []), programPath('sshd')] as const;
  const configuration = [
    `Port ${port}`,
    `ListenAddress ${host}`,
    `HostKey ${file('host-key')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    `UsePAM ${usesPam ? 'yes' : 'no'}`,
    'StrictModes no',
    'PermitRootLogin yes',
    `PasswordAuthentication ${login && !usesPam ? 'yes' : 'no'}`,
    `KbdInteractiveAuthentication ${usesPam ? 'yes' : 'no'}`,
    ...lines,
    // Last, since sshd takes the first: a test may bring a PATH of its own. With this SHLVL a bash does not take the
    // connection for a login and leaves the .bashrc of whoever runs the test alone.
    `SetEnv SHLVL=2 PATH=${file('tools')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  ];
  await writeFile(file('sshd_config'), `${configuration.join('\n')}\n`);
  // sshd's place for privilege separation; Debian makes it in the service file.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const start = () => startServer(program, [...first, '-D', '-e', '-f', file('sshd_config')], { host, port });
  let server = await start();
  await mkdir(file('device'));
  await mkdir(file('tools'));
  return {
    host,
    port,
    username: login?.username ?? userInfo().username,
    authentication: login
      ? { kind: 'password', password: login.password }
      : { kind: 'privateKey', privateKeyPem: await readFile(file('client-key'), 'utf8') },
    fingerprint: fingerprintOf(await run('ssh-keygen', ['-lf', file('host-key.pub')])),
    base: file('device'),
    locally: (path) => path,
    standIn: async (name, script) => {
      const real = (await run('sh', ['-c', `command -v ${name}`])).trim();
      await writeFile(file(join('tools', name)), `#!/bin/sh\n${script(real)}\n`, { mode: 0o755 });
    },
    reboot: async () => {
      await killTree(server.pid);
      server = await start();
    },
    stop: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
