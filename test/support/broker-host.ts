// A host with a broker on it, reached over SSH: a private sshd and a real mosquitto that runs before the console comes.
// No systemd runs in the tests. Where a service is wanted, a stand-in for `systemctl` and `journalctl` on the host's PATH
// does with the same mosquitto what systemd would: start it and wait until it says that it runs, send it SIGHUP, end it.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SshTarget } from '../../electron/broker/targets/ssh/target.ts';
import type { RemoteTarget } from '../../electron/remote/connect.ts';
import { type SshTargetSettings, sshTargetSchema } from '../../shared/model/broker.ts';
import { addHostUser, type HostUser } from './host-user.ts';
import { freePort, run } from './processes.ts';
import type { SshDevice } from './ssh-device.ts';
import { startSshd } from './sshd.ts';

/** What a suite with a broker's host must find. */
export const brokerHostPrograms = [
  ...['sshd', 'ssh-keygen', 'mosquitto', 'openssl', 'sudo', 'useradd', 'setsid'],
  ...(process.getuid?.() === 0 ? [] : ['root rights']),
] as const;

export type BrokerHost = {
  readonly device: SshDevice;
  readonly configDirectory: string;
  /** As a broker of a console's register. */
  readonly settings: SshTargetSettings;
  /** A console's way to it. */
  readonly target: (change?: Partial<RemoteTarget>, settings?: object, sudoPassword?: string) => SshTarget;
  /** The port that the broker listened on before the console came. */
  readonly firstPort: number;
  readonly pid: () => Promise<number>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

const standIn = (home: string) => `#!/bin/sh
home=${home}
# One that ended and that nobody waited for is a zombie. The command line would not do: it is empty also while it begins.
is_running() {
  pid=$(cat $home/run/pid 2>/dev/null) || return 1
  case $(sed 's/.*) //' /proc/$pid/stat 2>/dev/null) in '' | Z* | X*) return 1 ;; esac
}
start() {
  lines=$(wc -l <$home/log)
  setsid mosquitto -c $home/config/mosquitto.conf </dev/null >>$home/log 2>&1 &
  echo $! >$home/run/pid
  while is_running; do
    if tail -n +$((lines + 1)) $home/log | grep -q ' running$'; then return 0; fi
    sleep 0.05
  done
  echo 'Job for mosquitto.service failed because the control process exited with error code.' >&2
  return 1
}
stop() {
  if is_running; then kill -TERM $pid; fi
  while is_running; do sleep 0.05; done
}
for unit; do :; done
case $unit in mosquitto.service) ;; *)
  if [ "$1" = show ]; then printf 'LoadState=not-found\\nActiveState=inactive\\n'; exit 0; fi
  exit 5 ;;
esac
case $1 in
  show) if is_running; then echo LoadState=loaded; echo ActiveState=active; else echo LoadState=loaded; echo ActiveState=inactive; fi ;;
  reload) is_running && kill -HUP $pid ;;
  restart) stop; start ;;
  stop) stop ;;
  reset-failed) ;;
  *) exit 1 ;;
esac
`;

/**
 * `service`: an ordinary login with sudo, and the stand-in for systemd. `pidFile`: root, and a pid file. `sshd`: more
 * lines of its configuration.
 */
export async function startBrokerHost(
  kind: 'service' | 'pidFile',
  { sshd = [] }: { readonly sshd?: readonly string[] } = {},
): Promise<BrokerHost> {
  const home = await mkdtemp(join(tmpdir(), 'voke-host-'));
  const file = (...names: string[]) => join(home, ...names);
  // Mosquitto gives root up, and must still reach its files.
  await chmod(home, 0o755);
  for (const name of ['config', 'run', 'bin']) await mkdir(file(name), { mode: 0o755 });
  // Mosquitto writes its pid file as its own account, too.
  await run('chown', ['mosquitto', file('run')]);
  await writeFile(file('log'), '');
  const firstPort = await freePort();
  await writeFile(
    file('config', 'mosquitto.conf'),
    `listener ${firstPort} 127.0.0.1\nallow_anonymous true\n${kind === 'pidFile' ? `pid_file ${file('run', 'pid')}\n` : ''}`,
  );
  await writeFile(file('bin', 'systemctl'), standIn(home), { mode: 0o755 });
  await writeFile(file('bin', 'journalctl'), `#!/bin/sh\ntail -n 1000 ${file('log')}\n`, { mode: 0o755 });
  const path = `${file('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`;

  let user: HostUser | undefined;
  if (kind === 'service') user = await addHostUser('with its password', { sudoPath: path });
  const device = await startSshd({ ...(user && { login: user }), lines: [`SetEnv PATH=${path}`, ...sshd] });
  if (kind === 'service') await run(file('bin', 'systemctl'), ['restart', 'mosquitto.service']);
  else {
    const start = `setsid mosquitto -c ${file('config', 'mosquitto.conf')} </dev/null >>${file('log')} 2>&1 &`;
    await run('sh', [
      '-c',
      `${start} until grep ' running$' ${file('log')}; do ! grep Error: ${file('log')} || exit 1; sleep 0.05; done`,
    ]);
  }
  const pid = async () => Number(await readFile(file('run', 'pid'), 'utf8'));

  const settings = sshTargetSchema.parse({
    kind: 'ssh',
    host: device.host,
    port: device.port,
    username: device.username,
    configDirectory: file('config'),
    useSudo: kind === 'service',
    control:
      kind === 'service'
        ? { kind: 'systemd', unit: 'mosquitto.service' }
        : { kind: 'pidFile', path: file('run', 'pid') },
  });
  return {
    device,
    configDirectory: file('config'),
    settings,
    target: (change = {}, changed = {}, sudoPassword = user?.password) =>
      new SshTarget({
        settings: sshTargetSchema.parse({ ...settings, ...changed }),
        way: () => ({ ...device, hostKey: { kind: 'pinned', fingerprint: device.fingerprint }, ...change }),
        sudoPassword: () => sudoPassword,
      }),
    firstPort,
    pid,
    log: () => readFile(file('log'), 'utf8'),
    stop: async () => {
      try {
        process.kill(await pid(), 'SIGKILL');
      } catch {
        // It has ended already.
      }
      await device.stop();
      await user?.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}
