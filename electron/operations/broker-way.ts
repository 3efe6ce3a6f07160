// How a client of the console, a probe for instance, comes to a broker's listeners. A broker behind a jump host may be
// out of reach from here although its plants reach it: then its host, which the console can log in to, is the way.

import type { Duplex } from 'node:stream';
import type { SshTargetSettings } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import type { ProbeListener } from '../broker/probe.ts';
import type { ProbeTransport } from '../broker/probe-transport.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { RemoteTarget } from '../remote/connect.ts';
import { ForwardedStreams } from '../remote/forwarded-streams.ts';
import { LastingStreams } from '../remote/lasting-streams.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { trustedAuthorities } from './authority.ts';
import { reachableHost, requireBroker } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { readPushRecord } from './push-record.ts';
import { readSshSecret, sshWay } from './ssh-way.ts';

/** A listener by its role in the broker's profile. */
export type Listener = ProbeResult['listener'];

export type BrokerWay = {
  /** Whatever way it is, a broker with TLS must show the certificate with its name. */
  readonly listener: (listener: Listener) => ProbeListener;
};

/** Throws where the broker's profile has no such listener. */
export function portOf({ ports }: Pick<BrokerRow, 'ports'>, listener: Listener): number {
  const port = new Map<string, number>(Object.entries(ports)).get(listener);
  if (port === undefined)
    throw new ConsoleError('internal/unexpected', { because: `there is no listener ${listener}` });
  return port;
}

/** Runs `work` while the way stands. A way that cannot be gone shows in what the listeners answer: nothing. */
export async function withWayTo<T>(
  context: OperationContext,
  broker: BrokerRow,
  work: (way: BrokerWay) => Promise<T>,
): Promise<T> {
  const direct = (listener: Listener): ProbeListener => ({
    ...transportOf(context, broker, listener),
    host: reachableHost(broker),
    port: portOf(broker, listener),
  });
  const server = overJumpHost(broker);
  if (!server) return await work({ listener: direct });
  const streams = new ForwardedStreams(loginTo(context, broker.brokerId, server));
  try {
    return await work({
      listener: (listener) => ({ ...direct(listener), openStream: () => streams.open(portOf(broker, listener)) }),
    });
  } finally {
    await streams.close();
  }
}

/** The same way for somebody who stays connected to one listener; undefined where it is connected to straight. */
export function lastingWayTo(
  context: OperationContext,
  broker: BrokerRow,
  listener: Listener,
): { readonly open: () => Promise<Duplex>; readonly close: () => void } | undefined {
  const server = overJumpHost(broker);
  if (!server) return undefined;
  const streams = new LastingStreams(() => loginTo(context, broker.brokerId, server));
  return { open: async () => streams.open(portOf(broker, listener)), close: () => streams.close() };
}

const overJumpHost = ({ target }: BrokerRow): SshTargetSettings | undefined =>
  target.kind === 'ssh' && target.jump ? target : undefined;

/** With what is stored and confirmed by now. Throws `input/invalid` and `remote/host-key-unknown`. */
function loginTo(context: OperationContext, brokerId: string, server: SshTargetSettings): RemoteTarget {
  const { hostKeys } = requireBroker(context, brokerId);
  return sshWay(server, readSshSecret(context.vault.brokers.targetSecret(brokerId)), hostKeys);
}

/**
 * Whom the console believes that this is the broker: the authorities that are trusted, and those that the broker got its
 * certificate from with its last push, which may have been retired since.
 */
export function authoritiesOfBroker(context: OperationContext, { brokerId }: BrokerRow): string {
  const pushed = readPushRecord(context.vault.brokers, brokerId)?.serverAuthorityId;
  const before = pushed ? context.vault.authorities.get(pushed) : undefined;
  const authorities = new Map(
    [...trustedAuthorities(context), ...(before ? [before] : [])].map((row) => [row.authorityId, row.certificatePem]),
  );
  return joinPems([...authorities.values()]);
}

function transportOf(context: OperationContext, broker: BrokerRow, listener: Listener): ProbeTransport {
  switch (listener) {
    case 'mtls':
    case 'password':
    case 'token':
      return { authorityPem: authoritiesOfBroker(context, broker), serverName: broker.host };
    case 'mqtt':
      return { protocol: 'mqtt' };
    case 'webSockets':
      return { protocol: 'ws' };
  }
}
