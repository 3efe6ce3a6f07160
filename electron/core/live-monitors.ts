// One monitor a broker, shared by all windows. Besides showing what it hears, it tells the register:
// a message on a plant's own topics proves that this plant has a session, for the broker lets nobody else write there.
// A broker whose ACL does not keep plants apart proves nothing: there only a message with the plant's signature counts.

import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorConnection, MonitorState } from '../../shared/model/monitor.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { allPlantsFilter, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { verifySignature } from '../credentials/signatures.ts';
import type { BrokerConnection } from '../monitor/broker-session.ts';
import { Monitor, type SignatureState } from '../monitor/monitor.ts';
import { authoritiesOfBroker, lastingWayTo, portOf } from '../operations/broker-way.ts';
import { reachableHost } from '../operations/brokers.ts';
import { consoleCredential } from '../operations/console-account.ts';
import type { OperationContext } from '../operations/context.ts';
import { noteSession } from '../operations/sightings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { Mutex } from '../platform/mutex.ts';
import { randomHex } from '../platform/random.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';

const plantMessage = new RegExp(`^cpi/([0-9a-f-]{36})/(${topicsWrittenByPlant.join('|')})$`);

/** A plant that talks all the time is written down this often at most. */
const sightingIntervalMs = 15_000;

/** Of a plant's message, in octets, by Voke's protocol; nothing larger is searched for a signature as it arrives. */
const messageSizeLimit = 8192;

const statesIntervalMs = 1000;

type Options = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For what the monitor itself finds out; undefined while the vault is locked: then nothing is written down. */
  readonly context: () => OperationContext | undefined;
};

export class LiveMonitors {
  readonly #options: Options;
  readonly #turn = new Mutex();
  readonly #monitors = new Map<string, Monitor>();
  readonly #lastSightings = new Map<PlantId, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Connects unless it is connected or trying already; asked twice at once, it connects once. */
  connect(context: OperationContext, broker: BrokerRow): Promise<MonitorConnection> {
    return this.#turn.run(async () => {
      const known = this.#monitors.get(broker.brokerId);
      if (known && known.connection().state !== 'stopped' && known.connection().state !== 'refused') {
        return known.connection();
      }
      await known?.close();
      const monitor = await this.#open(context, broker);
      this.#monitors.set(broker.brokerId, monitor);
      monitor.start();
      return monitor.connection();
    });
  }

  async #open(context: OperationContext, broker: BrokerRow): Promise<Monitor> {
    const monitor = new Monitor({
      connection: await connectionTo(context, broker),
      filters: [allPlantsFilter],
      clock: this.#options.clock,
      logger: this.#options.logger,
      checkSignature: (topic, payload) => this.#checkSignature(topic, payload),
    });
    const isProof = (topic: string, payload: Uint8Array) =>
      broker.profile === 'voke' ||
      (payload.byteLength <= messageSizeLimit && this.#checkSignature(topic, payload) === 'valid');
    monitor.onMessage(({ topic, payload, retained }) => {
      if (!retained) this.#sight(topic, () => isProof(topic, payload));
    });
    return monitor;
  }

  async disconnect(brokerId: string): Promise<MonitorConnection> {
    const monitor = this.#monitors.get(brokerId);
    await monitor?.stop();
    return monitor?.connection() ?? { state: 'stopped', reason: null };
  }

  /** Throws `monitor/not-connected` before the first `connect`. */
  require(brokerId: string): Monitor {
    const monitor = this.#monitors.get(brokerId);
    if (!monitor) throw new ConsoleError('monitor/not-connected', { details: { brokerId } });
    return monitor;
  }

  /** The monitors there are, again whenever something of it changed, until `signal` aborts. */
  async *states(signal: AbortSignal): AsyncGenerator<MonitorState[], void, undefined> {
    let told = '';
    while (!signal.aborted) {
      const states = [...this.#monitors].map(([brokerId, monitor]) => {
        return { brokerId, connection: monitor.connection(), rate: monitor.rate() };
      });
      const words = JSON.stringify(states);
      if (words !== told) yield states;
      told = words;
      await sleep(statesIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** For a broker that is no more. */
  async forget(brokerId: string): Promise<void> {
    await this.#monitors.get(brokerId)?.close();
    this.#monitors.delete(brokerId);
  }

  /** Ends every connection and every watch, and lets the console's own key go: the vault was locked. */
  async close(): Promise<void> {
    await Promise.all([...this.#monitors.values()].map((monitor) => monitor.close()));
    this.#monitors.clear();
  }

  #sight(topic: string, isProof: () => boolean): void {
    const plantId = plantIdSchema.safeParse(plantMessage.exec(topic)?.[1]).data;
    if (!plantId) return;
    const now = this.#options.clock.now().getTime();
    if (now - (this.#lastSightings.get(plantId) ?? 0) < sightingIntervalMs) return;
    const context = this.#options.context();
    if (!context || !isProof()) return;
    this.#lastSightings.set(plantId, now);
    noteSession(context, plantId).catch((error: unknown) => {
      this.#options.logger.warn('a sighting could not be written down', { plantId, error });
    });
  }

  #checkSignature(topic: string, payload: Uint8Array): SignatureState {
    const [, plantId, kind] = plantMessage.exec(topic) ?? [];
    if (kind !== 'telemetry' && kind !== 'ack' && kind !== 'alarm') return 'unknown';
    const id = plantIdSchema.safeParse(plantId).data;
    const secret = id && this.#options.context()?.vault.signingSecrets.get(id);
    const message = parseObject(payload);
    if (!id || !secret || !message) return 'unknown';
    if (message.sig === undefined) return 'absent';
    return verifySignature(kind, id, message, secret) ? 'valid' : 'invalid';
  }
}

async function connectionTo(context: OperationContext, broker: BrokerRow): Promise<BrokerConnection> {
  const credential = await consoleCredential(context, broker);
  const common = {
    host: reachableHost(broker),
    clientId: `voke-console-${randomHex(4)}`,
    protocolVersion: broker.target.kind === 'practice' ? 4 : 5,
  } as const;
  switch (credential.kind) {
    case 'certificate': {
      const { certificatePem, privateKeyPem } = credential;
      const caPem = authoritiesOfBroker(context, broker);
      const port = portOf(broker, 'mtls');
      const way = lastingWayTo(context, broker, 'mtls');
      return { ...common, way, port, servername: broker.host, caPem, certificatePem, privateKeyPem };
    }
    case 'password': {
      const { username, password } = credential;
      const way = lastingWayTo(context, broker, 'mqtt');
      return { ...common, way, port: portOf(broker, 'mqtt'), username, password };
    }
  }
}

export function parseObject(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
