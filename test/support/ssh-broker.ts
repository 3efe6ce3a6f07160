// A broker behind SSH in a console's register, as an operator sets it up: login, host keys compared, no push yet.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteAuthentication } from '../../electron/remote/connect.ts';
import type { BrokerListeners } from '../../shared/model/broker.ts';
import type { DeviceLogin } from '../../shared/model/device.ts';
import type { BrokerHost } from './broker-host.ts';
import type { TestConsole } from './console.ts';
import { freePort } from './processes.ts';
import type { SshDevice } from './ssh-device.ts';

/** Answers the new broker's id. The host's first configuration, which lets everybody in, must not stay. */
export async function addSshBroker(
  { client }: TestConsole,
  host: BrokerHost,
  {
    name = 'localhost',
    jump,
    listeners,
  }: { readonly name?: string; readonly jump?: SshDevice; readonly listeners?: BrokerListeners } = {},
): Promise<string> {
  const { control } = host.settings;
  if (control.kind !== 'pidFile') throw new Error('only for a broker with a pid file');
  await writeFile(join(host.configDirectory, 'mosquitto.conf'), `pid_file ${control.path}\n`);
  const { brokerId } = await client.brokers.create({
    name: 'Broker in trouble',
    target: { ...host.settings, ...(jump && { jump: { host: jump.host, port: jump.port, username: jump.username } }) },
    host: name,
    subjectAltNames: name === 'localhost' ? ['127.0.0.1'] : [],
    ...(listeners ?? {
      profile: 'voke' as const,
      ports: { mtls: await freePort(), password: await freePort(), token: await freePort() },
    }),
  });
  const login = loginOf(host.device.authentication);
  await client.brokers.setLogin({
    brokerId,
    secret: { login, ...(jump && { jumpLogin: loginOf(jump.authentication) }) },
  });
  for (const role of jump ? (['jump', 'broker'] as const) : (['broker'] as const)) {
    const { fingerprint } = await client.brokers.fetchHostKey({ brokerId, role });
    await client.brokers.confirmHostKey({ brokerId, role, fingerprint });
  }
  return brokerId;
}

function loginOf(authentication: RemoteAuthentication): DeviceLogin {
  if (authentication.kind === 'agent') throw new Error('no agent in the tests');
  return authentication;
}
