import type { DeviceSecret } from '../../shared/model/device.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { DeviceLink } from '../device/device-link.ts';
import type { DeviceShell } from '../device/device-shell.ts';
import { scpLink } from '../device/scp/scp-link.ts';
import { openSftpLink } from '../device/sftp/sftp-link.ts';
import { shellLink } from '../device/shell-link.ts';
import { connect } from '../remote/connect.ts';
import { RootShell } from '../remote/root-shell.ts';
import type { RemoteSession } from '../remote/session.ts';
import type { DeviceRow } from '../vault/rows/devices.ts';
import type { OperationContext } from './context.ts';
import { doorOf, wayToDevice } from './device-access.ts';
import { requireDevice, storedSecret } from './devices.ts';
import { passwordOf } from './ssh-way.ts';

/**
 * Logs in to the plant's device, has `work` done there by the transport and with the rights that its owner gave, and hangs
 * up. Throws `device/not-found`, `remote/host-key-unknown`, and what connecting, becoming root and opening SFTP throw.
 */
export async function onDevice<T>(
  context: OperationContext,
  plantId: PlantId,
  work: (device: DeviceLink) => Promise<T>,
): Promise<T> {
  const device = requireDevice(context, plantId);
  const secret = storedSecret(context, plantId);
  const session = await context.handshakes.run(doorOf(device), () => connect(wayToDevice(device, secret)));
  try {
    return await work(await linkTo(device, session, secret));
  } finally {
    session.close();
  }
}

async function linkTo(device: DeviceRow, session: RemoteSession, secret: DeviceSecret): Promise<DeviceLink> {
  switch (device.transport) {
    case 'shell':
      return shellLink(await shellWith(device, session, secret));
    case 'scp':
      return scpLink(session);
    case 'sftp':
      return await openSftpLink(session);
  }
}

async function shellWith({ rights }: DeviceRow, session: RemoteSession, secret: DeviceSecret): Promise<DeviceShell> {
  switch (rights) {
    case 'login':
      return { run: (script, options) => session.runScript(script, options) };
    case 'sudo':
      return await RootShell.open(session, {
        program: 'sudo',
        password: secret.rightsPassword ?? passwordOf(secret.login),
      });
    case 'doas':
      return await RootShell.open(session, { program: 'doas' });
  }
}

/** What a deployment needs to know of a device beside its address. */
export const deploymentSettings = ({
  directory,
  owner,
  restartCommand,
}: DeviceRow): Pick<DeviceRow, 'directory' | 'owner' | 'restartCommand'> => ({ directory, owner, restartCommand });
