// Every way in which files come onto a device, on real servers that offer it.

import type { DeviceLink } from '../../electron/device/device-link.ts';
import { scpLink } from '../../electron/device/scp/scp-link.ts';
import { openSftpLink } from '../../electron/device/sftp/sftp-link.ts';
import { shellLink } from '../../electron/device/shell-link.ts';
import type { RemoteSession } from '../../electron/remote/session.ts';
import { deviceKinds, onDevice, rootRights, shellOf } from './devices.ts';
import { startDropbear } from './dropbear.ts';
import type { SshDevice } from './ssh-device.ts';
import { startSshd } from './sshd.ts';

export type TransportKind = {
  readonly kind: string;
  readonly programs: readonly string[];
  readonly start: () => Promise<SshDevice>;
  readonly open: (session: RemoteSession) => Promise<DeviceLink>;
};

/** No program may run there: what sshd_config(5) offers to keep a login to its files. */
const sftpOnly = (options = '') => ['Subsystem sftp internal-sftp', `ForceCommand internal-sftp${options}`];
const openSftp = (session: RemoteSession) => openSftpLink(session, { settleMs: 60 });
const sshd = ['sshd', 'ssh-keygen'];
const dropbear = ['dropbear', 'dropbearkey', 'busybox', 'openssl', 'ssh-keygen', ...rootRights];

export const sftpKinds: readonly TransportKind[] = [
  {
    kind: 'SFTP on OpenSSH without a shell',
    programs: sshd,
    start: () => startSshd({ lines: sftpOnly() }),
    open: openSftp,
  },
  {
    kind: 'SFTP without any extension',
    programs: sshd,
    start: () => startSshd({ lines: sftpOnly(' -P posix-rename,fsync,statvfs,fstatvfs') }),
    open: openSftp,
  },
  {
    kind: 'SFTP on dropbear',
    programs: [...dropbear, '/usr/lib/sftp-server'],
    start: () => startDropbear({ programs: ['/usr/lib/sftp-server'] }),
    open: openSftp,
  },
];

export const scpKinds: readonly TransportKind[] = [
  {
    kind: 'scp on OpenSSH sshd',
    programs: [...sshd, 'scp'],
    start: () => startSshd(),
    open: async (session) => scpLink(session),
  },
  {
    kind: 'scp on dropbear with BusyBox',
    programs: [...dropbear, 'scp'],
    start: () => startDropbear({ programs: ['/usr/bin/scp'] }),
    open: async (session) => scpLink(session),
  },
];

export const shellKinds: readonly TransportKind[] = deviceKinds.map((kind) => ({
  ...kind,
  open: async (session) => shellLink(shellOf(session)),
}));

/** Logs in, hands the device to `work`, and hangs up. `port` leads through a link instead. */
export const over = <T>(
  { open }: TransportKind,
  device: SshDevice,
  work: (link: DeviceLink) => Promise<T>,
  port = device.port,
): Promise<T> => onDevice(device, async (session) => work(await open(session)), port);
