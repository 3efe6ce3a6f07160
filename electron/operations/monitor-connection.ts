// As whom and how the monitor comes to a broker. As a plant it has another client id than the plant's own, which would
// take the plant's session away; what the broker's ACL lets it read is what it lets the plant read.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorSettings } from '../../shared/model/monitor-settings.ts';
import type { BrokerConnection } from '../monitor/broker-session.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { authoritiesOfBroker, type Listener, lastingWayTo, portOf } from './broker-way.ts';
import { reachableHost } from './brokers.ts';
import { consoleCredential } from './console-account.ts';
import type { OperationContext } from './context.ts';
import { openPackage } from './credential-lifecycle.ts';
import { monitorClientId } from './own-sessions.ts';

type Identity =
  | { readonly certificatePem: string; readonly privateKeyPem: string }
  | { readonly username: string; readonly password: string };

/**
 * Throws `credential/not-found`, `credential/handed-over` and `monitor/unusable-credential` for a plant's credential, and
 * `authority/absent` where the console has none of its own yet.
 */
export async function monitorConnection(
  context: OperationContext,
  broker: BrokerRow,
  { identity, protocolVersion }: Pick<MonitorSettings, 'identity' | 'protocolVersion'>,
): Promise<BrokerConnection> {
  const { listener, ...own } =
    identity.kind === 'console' ? await asConsole(context, broker) : asPlant(context, broker, identity.credentialId);
  const isTls = listener === 'mtls' || listener === 'password' || listener === 'token';
  const server = { servername: broker.host, caPem: isTls ? authoritiesOfBroker(context, broker) : '' };
  const common = {
    host: reachableHost(broker),
    port: portOf(broker, listener),
    way: lastingWayTo(context, broker, listener),
    clientId: monitorClientId(),
    // The practice broker speaks no MQTT 5, and says so in the log each time.
    protocolVersion: broker.target.kind === 'practice' && protocolVersion === 'auto' ? 4 : protocolVersion,
  };
  if ('certificatePem' in own) return { ...common, ...server, ...own };
  return isTls ? { ...common, ...server, ...own } : { ...common, ...own };
}

async function asConsole(context: OperationContext, broker: BrokerRow): Promise<Identity & { listener: Listener }> {
  const credential = await consoleCredential(context, broker);
  switch (credential.kind) {
    case 'certificate': {
      const { certificatePem, privateKeyPem } = credential;
      return { listener: 'mtls', certificatePem, privateKeyPem };
    }
    case 'password': {
      const { username, password } = credential;
      return { listener: 'mqtt', username, password };
    }
  }
}

function asPlant(
  context: OperationContext,
  broker: BrokerRow,
  credentialId: string,
): Identity & { listener: Listener } {
  const row = context.vault.credentials.get(credentialId);
  if (!row) throw new ConsoleError('credential/not-found', { details: { credentialId } });
  const { authMethod, auth } = openPackage(context, row);
  const unusable = (because: string) => new ConsoleError('monitor/unusable-credential', { because });
  switch (authMethod) {
    case 'MTLS':
      if (broker.profile !== 'voke') throw unusable('this broker takes no certificates');
      if (!('deviceKeyPem' in auth)) throw unusable('its key is on the device alone');
      return { listener: 'mtls', certificatePem: auth.deviceCertPem, privateKeyPem: auth.deviceKeyPem };
    case 'PASSWORD':
      return {
        listener: broker.profile === 'voke' ? 'password' : 'mqtt',
        username: auth.username,
        password: auth.password,
      };
    case 'TOKEN':
      if (broker.profile !== 'voke') throw unusable('this broker takes no tokens');
      return { listener: 'token', username: auth.username, password: auth.token };
  }
}
