// How the console logs in to a host over SSH, be it a broker's or a device: what the register says, what is stored sealed
// for it, and the host keys that the operator has confirmed.

import type { SshTargetSettings } from '../../shared/model/broker.ts';
import { type SshTargetSecret, sshTargetSecretSchema } from '../../shared/model/broker-login.ts';
import type { DeviceLogin } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteAuthentication, RemoteTarget } from '../remote/connect.ts';
import type { JumpHost } from '../remote/route.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';

type Address = { readonly host: string; readonly port: number };

/** A server to log in to, and its confirmed key if there is one. */
export type Hop = Address & {
  readonly username: string;
  readonly fingerprint: string | null | undefined;
  readonly allowsLegacyAlgorithms?: boolean;
};

export type Logins = {
  readonly login: DeviceLogin;
  /** Left out: the jump host takes the same login. */
  readonly jumpLogin?: DeviceLogin | undefined;
};

/** Throws `remote/host-key-unknown` for the first host on the way whose key nobody has confirmed. */
export function wayTo(server: Hop, jump: Hop | undefined, logins: Logins): RemoteTarget {
  const over = jump && wayToJump(jump, logins);
  return { ...loginTo(server, logins.login), ...(over && { jump: over }) };
}

/** Throws `remote/host-key-unknown` while the jump host's key is not confirmed. */
export const wayToJump = (jump: Hop, { login, jumpLogin }: Logins): JumpHost => loginTo(jump, jumpLogin ?? login);

/** The way to a broker's host. Throws like `wayTo`. */
export function sshWay(
  settings: SshTargetSettings,
  secret: SshTargetSecret,
  hostKeys: BrokerRow['hostKeys'],
): RemoteTarget {
  const { jump } = settings;
  return wayTo(knownHop(settings, hostKeys), jump && knownHop(jump, hostKeys), secret);
}

/** The host that the way leads through, if one does. Throws `remote/host-key-unknown` while its key is not confirmed. */
export const jumpOf = (
  { jump }: SshTargetSettings,
  secret: SshTargetSecret,
  hostKeys: BrokerRow['hostKeys'],
): JumpHost | undefined => jump && wayToJump(knownHop(jump, hostKeys), secret);

/** Throws `input/invalid` when nothing fit is stored: the login must be entered. */
export function readSshSecret(stored: string | undefined): SshTargetSecret {
  const parsed = sshTargetSecretSchema.safeParse(stored === undefined ? undefined : JSON.parse(stored));
  if (parsed.success) return parsed.data;
  throw new ConsoleError('input/invalid', { fields: [{ field: 'login', message: 'is needed to reach this broker' }] });
}

/** The password that sudo asks for: its own, or that of the login. */
export const sudoPasswordOf = ({ sudoPassword, login }: SshTargetSecret): string | undefined =>
  sudoPassword ?? passwordOf(login);

/** The password that a login itself has, if it has one. */
export const passwordOf = (login: DeviceLogin): string | undefined =>
  login.kind === 'password' ? login.password : undefined;

/** What a broker's confirmed host key is kept under. */
export const hostKeyName = ({ host, port }: Address): string => `${host}:${port}`;

const knownHop = (hop: Omit<Hop, 'fingerprint'>, hostKeys: BrokerRow['hostKeys']): Hop => ({
  host: hop.host,
  port: hop.port,
  username: hop.username,
  fingerprint: hostKeys[hostKeyName(hop)],
});

function loginTo({ host, port, username, fingerprint, allowsLegacyAlgorithms = false }: Hop, login: DeviceLogin) {
  if (!fingerprint) throw new ConsoleError('remote/host-key-unknown', { details: { host, port } });
  return {
    host,
    port,
    username,
    allowsLegacyAlgorithms,
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
