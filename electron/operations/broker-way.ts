// How a client of the console, a probe for instance, comes to a broker's listeners. A broker behind a jump host may be
// out of reach from here although its plants reach it: then its host, which the console can log in to, is the way.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import type { ProbeListener } from '../broker/probe.ts';
import type { ProbeTransport } from '../broker/probe-transport.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import { ForwardedStreams } from '../remote/forwarded-streams.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { trustedAuthorities } from './authority.ts';
import { reachableHost } from './brokers.ts';
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
  const { target, hostKeys, brokerId } = broker;
  const direct = (listener: Listener): ProbeListener => ({
    ...transportOf(context, broker, listener),
    host: reachableHost(broker),
    port: portOf(broker, listener),
  });
  if (target.kind !== 'ssh' || !target.jump) return await work({ listener: direct });
  const secret = readSshSecret(context.vault.brokers.targetSecret(brokerId));
  const streams = new ForwardedStreams(sshWay(target, secret, hostKeys));
  try {
    return await work({
      listener: (listener) => ({ ...direct(listener), openStream: () => streams.open(portOf(broker, listener)) }),
    });
  } finally {
    await streams.close();
  }
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
