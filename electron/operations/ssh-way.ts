// How the console logs in to the host of a broker: what the register says, what is stored sealed for it, and the host
// keys that the operator has confirmed.

import type { SshTargetSettings } from '../../shared/model/broker.ts';
import { type SshTargetSecret, sshTargetSecretSchema } from '../../shared/model/broker-login.ts';
import type { DeviceLogin } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteAuthentication, RemoteTarget } from '../remote/connect.ts';
import type { JumpHost } from '../remote/route.ts';
import type { BrokerRow } from '../vault/rows.ts';

type Hop = Pick<SshTargetSettings, 'host' | 'port' | 'username'>;

/** Throws `remote/host-key-unknown` for the first host on the way whose key nobody has confirmed. */
export function sshWay(
  settings: SshTargetSettings,
  secret: SshTargetSecret,
  hostKeys: BrokerRow['hostKeys'],
): RemoteTarget {
  const jump = jumpOf(settings, secret, hostKeys);
  return { ...loginTo(settings, secret.login, hostKeys), ...(jump && { jump }) };
}

/** The host that the way leads through, if one does. Throws `remote/host-key-unknown` while its key is not confirmed. */
export function jumpOf(
  { jump }: SshTargetSettings,
  secret: SshTargetSecret,
  hostKeys: BrokerRow['hostKeys'],
): JumpHost | undefined {
  return jump && loginTo(jump, secret.jumpLogin ?? secret.login, hostKeys);
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

/** What a confirmed host key is kept under. */
export const hostKeyName = ({ host, port }: Pick<Hop, 'host' | 'port'>): string => `${host}:${port}`;

function loginTo(hop: Hop, login: DeviceLogin, hostKeys: BrokerRow['hostKeys']) {
  const { host, port, username } = hop;
  const fingerprint = hostKeys[hostKeyName(hop)];
  if (fingerprint === undefined) throw new ConsoleError('remote/host-key-unknown', { details: { host, port } });
  return {
    host,
    port,
    username,
    authentication: authenticationOf(login),
    hostKey: { kind: 'pinned', fingerprint },
  } as const;
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
