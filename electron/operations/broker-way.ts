// How a client of the console, a probe for instance, comes to a broker's listeners. A broker behind a jump host may be
// out of reach from here although its plants reach it: then its host, which the console can log in to, is the way.

import type { ProbeListener } from '../broker/probe.ts';
import { ForwardedStreams } from '../remote/forwarded-streams.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import { reachableHost } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { readSshSecret, sshWay } from './ssh-way.ts';

export type BrokerWay = {
  /** Whatever way it is, the broker must show the certificate with its name. */
  readonly listener: (port: number) => ProbeListener;
};

/** Runs `work` while the way stands. A way that cannot be gone shows in what the listeners answer: nothing. */
export async function withWayTo<T>(
  context: OperationContext,
  broker: BrokerRow,
  work: (way: BrokerWay) => Promise<T>,
): Promise<T> {
  const { target, hostKeys, brokerId } = broker;
  const shown = {
    host: reachableHost(broker),
    authorityPem: requireAuthority(context).certificatePem,
    serverName: broker.host,
  };
  if (target.kind !== 'ssh' || !target.jump) return await work({ listener: (port) => ({ ...shown, port }) });
  const secret = readSshSecret(context.vault.brokers.targetSecret(brokerId));
  const streams = new ForwardedStreams(sshWay(target, secret, hostKeys));
  try {
    return await work({ listener: (port) => ({ ...shown, port, openStream: () => streams.open(port) }) });
  } finally {
    await streams.close();
  }
}
