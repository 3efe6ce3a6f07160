// The way to a server: through a jump host, and by keyboard-interactive where a server has no `password` method.

import { afterEach, expect, it } from 'vitest';
import { connect, type RemoteTarget } from '../../electron/remote/connect.ts';
import { fetchHostKey } from '../../electron/remote/host-key.ts';
import type { JumpHost } from '../../electron/remote/route.ts';
import { addHostUser } from '../support/host-user.ts';
import { startLink } from '../support/link.ts';
import { freePort } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { type SshdOptions, startSshd } from '../support/sshd.ts';

const rootRights = process.getuid?.() === 0 ? [] : ['root rights'];
const options = { timeoutMs: 20_000 };
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

async function server(settings: SshdOptions = {}): Promise<SshDevice> {
  const device = await startSshd(settings);
  cleanUp.push(device.stop);
  return device;
}

const loginTo = (device: SshDevice, change: Partial<JumpHost> = {}): JumpHost => ({
  ...device,
  hostKey: { kind: 'pinned', fingerprint: device.fingerprint },
  ...change,
});

async function whoami(target: RemoteTarget): Promise<string> {
  const session = await connect(target);
  try {
    return (await session.runScript('echo "$SSH_CONNECTION"\n', options)).stdout.trim();
  } finally {
    session.close();
  }
}

describeWith('sshd', 'ssh-keygen')('a jump host', () => {
  it('leads to a server behind it, each with its own pinned key', async () => {
    const [jump, device] = [await server(), await server()];
    expect(await fetchHostKey({ host: device.host, port: device.port, jump: loginTo(jump) })).toMatchObject({
      fingerprint: device.fingerprint,
    });
    expect(await whoami({ ...loginTo(device), jump: loginTo(jump) })).toMatch(new RegExp(` ${device.port}$`));
  });

  it('is not trusted with another key, and neither is the server behind it', async () => {
    const [jump, device] = [await server(), await server()];
    const other = { hostKey: { kind: 'pinned', fingerprint: 'A'.repeat(43) } } as const;
    await expect(connect({ ...loginTo(device), jump: loginTo(jump, other) })).rejects.toMatchObject({
      code: 'remote/host-key-changed',
      details: { port: jump.port },
    });
    await expect(connect({ ...loginTo(device, other), jump: loginTo(jump) })).rejects.toMatchObject({
      code: 'remote/host-key-changed',
      details: { port: device.port, shownFingerprint: device.fingerprint },
    });
  });

  it('that does not forward is told apart from a server that is not there', async () => {
    const [jump, closed, device] = [await server(), await server({ lines: ['AllowTcpForwarding no'] }), await server()];
    await expect(connect({ ...loginTo(device), jump: loginTo(closed) })).rejects.toMatchObject({
      code: 'remote/forwarding-refused',
      details: { jumpPort: closed.port },
    });
    const nowhere = await freePort();
    await expect(connect({ ...loginTo(device), port: nowhere, jump: loginTo(jump) })).rejects.toMatchObject({
      code: 'remote/unreachable',
      details: { port: nowhere, jumpPort: jump.port },
    });
  });

  it('that goes away ends the session', async () => {
    const [jump, device] = [await server(), await server()];
    const link = await startLink(jump.port);
    const session = await connect({ ...loginTo(device), jump: loginTo(jump, { port: link.port }) });
    const running = session.runScript('sleep 5\n', options);
    setTimeout(() => link.stop(), 200);
    await expect(running).rejects.toMatchObject({ code: 'remote/connection-lost' });
  });

  it('that refuses the login says so for itself', async () => {
    const [jump, device] = [await server(), await server()];
    const authentication = { kind: 'password', password: 'wr0ng-passw0rd' } as const;
    await expect(connect({ ...loginTo(device), jump: loginTo(jump, { authentication }) })).rejects.toMatchObject({
      code: 'remote/authentication-failed',
      details: { port: jump.port },
    });
  });
});

describeWith(
  'sshd',
  'ssh-keygen',
  'useradd',
  ...rootRights,
)('a server that leaves passwords to PAM', () => {
  it('takes the password by keyboard-interactive', async () => {
    const user = await addHostUser('none');
    cleanUp.push(user.remove);
    const device = await server({ login: user, passwordMethod: 'keyboard-interactive' });
    expect(await whoami(loginTo(device))).toContain(`${device.port}`);
    const authentication = { kind: 'password', password: 'wr0ng-passw0rd' } as const;
    await expect(connect(loginTo(device, { authentication }))).rejects.toMatchObject({
      code: 'remote/authentication-failed',
    });
  });
});
