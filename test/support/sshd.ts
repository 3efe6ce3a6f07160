// A private OpenSSH server on loopback: its own host key, its own authorized keys, no PAM, key logins only.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, run, startServer } from './processes.ts';
import { programPath } from './requirements.ts';
import { fingerprintOf, type SshDevice } from './ssh-device.ts';

/** Needs `sshd` and `ssh-keygen` (Debian: openssh-server). The login is the user who runs the test. */
export async function startSshd(): Promise<SshDevice> {
  const home = await mkdtemp(join(tmpdir(), 'voke-sshd-'));
  const file = (name: string) => join(home, name);
  for (const name of ['host-key', 'client-key']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  }
  await writeFile(file('authorized_keys'), await readFile(file('client-key.pub')));
  const port = await freePort();
  const configuration = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host-key')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
  ];
  await writeFile(file('sshd_config'), `${configuration.join('\n')}\n`);
  // sshd's place for privilege separation; Debian makes it in the service file.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const server = await startServer(programPath('sshd'), ['-D', '-e', '-f', file('sshd_config')], port);
  await mkdir(file('device'));
  return {
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    authentication: { kind: 'privateKey', privateKeyPem: await readFile(file('client-key'), 'utf8') },
    fingerprint: fingerprintOf(await run('ssh-keygen', ['-lf', file('host-key.pub')])),
    base: file('device'),
    locally: (path) => path,
    stop: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
