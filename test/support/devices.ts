import { join } from 'node:path';
import type { DeviceShell } from '../../electron/device/device-shell.ts';
import { PracticeDevice } from '../../electron/practice/device.ts';
import { connect } from '../../electron/remote/connect.ts';
import type { RemoteSession } from '../../electron/remote/session.ts';
import { startDropbear } from './dropbear.ts';
import type { SshDevice } from './ssh-device.ts';
import { startSshd } from './sshd.ts';

async function startPractice(): Promise<SshDevice> {
  const device = await PracticeDevice.start();
  return {
    host: device.host,
    port: device.port,
    username: device.username,
    authentication: { kind: 'password', password: device.password },
    fingerprint: device.hostKeyFingerprint,
    base: join(device.directory, '..', '..'),
    locally: (path) => path,
    stop: () => device.stop(),
  };
}

/** chroot needs it; where it is missing the suite is skipped by this name. */
export const rootRights = process.getuid?.() === 0 ? [] : ['root rights'];

/** The SSH servers that every case runs against, with the programs each needs. */
export const deviceKinds = [
  { kind: 'OpenSSH sshd', programs: ['sshd', 'ssh-keygen'], start: () => startSshd() },
  {
    kind: 'dropbear with BusyBox',
    programs: ['dropbear', 'dropbearkey', 'busybox', 'openssl', 'ssh-keygen', ...rootRights],
    start: startDropbear,
  },
  { kind: 'practice device', programs: [], start: startPractice },
] as const;

/** The plain way to run a script there: with the login's own rights. */
export const shellOf = (session: RemoteSession): DeviceShell => ({
  run: (script, options) => session.runScript(script, options),
});

/** Logs in to `device`, hands the session to `work`, and hangs up. `port` leads through a link instead. */
export async function onDevice<T>(
  device: SshDevice,
  work: (session: RemoteSession) => Promise<T>,
  port = device.port,
): Promise<T> {
  const { host, username, authentication, fingerprint } = device;
  const session = await connect({ host, port, username, authentication, hostKey: { kind: 'pinned', fingerprint } });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}
