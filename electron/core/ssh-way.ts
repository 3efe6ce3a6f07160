// How the core logs in to the host of a broker: what the register says, what is stored sealed for it, and the host keys
// that the operator has confirmed.

import type { SshTargetSettings } from '../../shared/model/broker.ts';
import { type SshTargetSecret, sshTargetSecretSchema } from '../../shared/model/broker-login.ts';
import type { DeviceLogin } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteAuthentication, RemoteTarget } from '../remote/connect.ts';
import type { BrokerRow } from '../vault/rows.ts';

/** Throws `remote/host-key-unknown` for the first host on the way whose key nobody has confirmed. */
export function sshWay(
  settings: SshTargetSettings,
  secret: SshTargetSecret,
  hostKeys: BrokerRow['hostKeys'],
): RemoteTarget {
  const hop = ({ host, port, username }: { host: string; port: number; username: string }, login: DeviceLogin) => ({
    host,
    port,
    username,
    authentication: authenticationOf(login),
    hostKey: { kind: 'pinned', fingerprint: pinned(hostKeys, host, port) } as const,
  });
  const { jump } = settings;
  const through = jump && hop(jump, secret.jumpLogin ?? secret.login);
  return { ...hop(settings, secret.login), ...(through && { jump: through }) };
}

/** Throws `input/invalid` when nothing fit is stored: the login must be entered. */
export function readSshSecret(stored: string | undefined): SshTargetSecret {
  const parsed = sshTargetSecretSchema.safeParse(stored === undefined ? undefined : JSON.parse(stored));
  if (parsed.success) return parsed.data;
  throw new ConsoleError('input/invalid', { fields: [{ field: 'login', message: 'is needed to reach this broker' }] });
}

/** The password that sudo asks for: its own, or that of the login. */
export const sudoPasswordOf = ({ sudoPassword, login }: SshTargetSecret): string | undefined =>
  sudoPassword ?? (login.kind === 'password' ? login.password : undefined);

function pinned(hostKeys: BrokerRow['hostKeys'], host: string, port: number): string {
  const fingerprint = hostKeys[`${host}:${port}`];
  if (fingerprint === undefined) throw new ConsoleError('remote/host-key-unknown', { details: { host, port } });
  return fingerprint;
}

function authenticationOf(login: DeviceLogin): RemoteAuthentication {
  switch (login.kind) {
    case 'password':
      return login;
    case 'privateKey':
      return login;
    case 'agent':
      return { kind: 'agent', socketPath: process.env.SSH_AUTH_SOCK ?? 'pageant' };
  }
}
