// One monitor a broker, shared by all windows. Besides showing what it hears, it tells the register:
// a message on a plant's own topics proves that this plant has a session, for the broker lets nobody else write there.
// A broker whose ACL does not keep plants apart proves nothing: there only a message with the plant's signature counts.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorConnection, MonitorState, MonitorSummary } from '../../shared/model/monitor.ts';
import { defaultMonitorSettings, listenedFilters, type MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { allPlantsFilter, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { CheckBudget } from '../monitor/check-budget.ts';
import { Monitor, type MonitorMessageListener, type SignatureState } from '../monitor/monitor.ts';
import type { OperationContext } from '../operations/context.ts';
import { monitorConnection } from '../operations/monitor-connection.ts';
import { noteSession } from '../operations/sightings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { Mutex } from '../platform/mutex.ts';
import { filterCoversFilter } from '../policy/filters.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { OwnMessages } from './own-messages.ts';
import { judgeMessage, keepsPlantsApart, PlantWatches, parseObject } from './plant-watches.ts';

const plantMessage = new RegExp(`^cpi/([0-9a-f-]{36})/(${topicsWrittenByPlant.join('|')})$`);

/** A plant that talks all the time is written down this often at most. */
const sightingIntervalMs = 15_000;
const proofChecksPerSecond = 200;

/** Of a plant's message, in octets, by Voke's protocol; nothing larger is searched for a signature as it arrives. */
const messageSizeLimit = 8192;

/** Bytes of one payload kept at most. */
export const monitorValueBytes = 256 * 1024;
/** For who hears and keeps nothing. */
const listenerBudget = { topics: 1, payloadBytes: 1024 * 1024, historyBytes: 0 };

const statesIntervalMs = 1000;

/** Hears what the monitor of one broker hears, also when that one begins anew. */
export type Tap = {
  readonly onMessage: MonitorMessageListener;
  readonly onGone: () => void;
  /** The monitor that is heard: the one there is, and later each that takes its place, before it begins. */
  readonly onMonitor: (monitor: Monitor, settings: MonitorSettings) => void;
};

type Options = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For what the monitor itself finds out; undefined while the vault is locked: then nothing is written down. */
  readonly context: () => OperationContext | undefined;
  /** Told of each monitor that the operator opens, before it hears anything. */
  readonly onListen?: (broker: BrokerRow, monitor: Monitor, settings: MonitorSettings) => void;
};

type Live = { readonly monitor: Monitor; readonly settings: MonitorSettings };

export class LiveMonitors {
  readonly #options: Options;
  readonly #turn = new Mutex();
  /** What is shown, by broker. */
  readonly #monitors = new Map<string, Live>();
  /** Beside those that the operator turned to something else than all plants as the console. */
  readonly #plantListeners = new Map<string, Monitor>();
  /** What is looked at like a broker's monitor and is none, such as a replay. Never told as a broker's. */
  readonly #shown = new Map<string, Monitor>();
  readonly #taps = new Map<string, Set<Tap>>();
  /** What the console itself put into brokers, by hand or from a recording. */
  readonly ownMessages: OwnMessages;
  readonly #lastSightings = new Map<PlantId, number>();
  /** A flood of forged messages must not keep the console busy with their signatures. */
  readonly #proofChecks = new CheckBudget(proofChecksPerSecond);
  /** What is heard of each plant, by broker. */
  readonly plantWatches: PlantWatches;

  constructor(options: Options) {
    this.#options = options;
    this.plantWatches = new PlantWatches(options.context);
    this.ownMessages = new OwnMessages(options.clock);
  }

  /**
   * Connects unless it is connected or trying already; asked twice at once, it connects once. What `wish` does not name
   * is as it was the last time; what it changes is remembered, and begins anew with nothing kept.
   */
  connect(
    context: OperationContext,
    broker: BrokerRow,
    wish: Partial<MonitorSettings> = {},
  ): Promise<MonitorConnection> {
    return this.#turn.run(async () => {
      const { brokerId } = broker;
      const before = settingsOf(context, brokerId);
      const settings = { ...before, ...wish };
      const known = this.#monitors.get(brokerId);
      if (known && isTrying(known.monitor) && isDeepStrictEqual(known.settings, settings)) {
        return known.monitor.connection();
      }
      const monitor = await this.#open(context, broker, settings);
      if (!isDeepStrictEqual(before, settings)) context.vault.monitorSettings.put(brokerId, settings);
      const taps = this.#tapsOf(brokerId);
      monitor.onMessage((message) => {
        for (const { onMessage } of taps) onMessage(message);
      });
      for (const { onMonitor } of taps) onMonitor(monitor, settings);
      await known?.monitor.close();
      this.#monitors.set(brokerId, { monitor, settings });
      this.#options.onListen?.(broker, monitor, settings);
      monitor.start();
      return monitor.connection();
    });
  }

  /** One that hears every plant of the broker, whatever the operator looks at. */
  async listen(context: OperationContext, broker: BrokerRow): Promise<Monitor> {
    const { brokerId } = broker;
    if (hearsAllPlants(this.#monitors.get(brokerId)?.settings ?? settingsOf(context, brokerId))) {
      await this.connect(context, broker);
      return this.require(brokerId);
    }
    return await this.#turn.run(async () => {
      const known = this.#plantListeners.get(brokerId);
      if (known && isTrying(known)) return known;
      const monitor = await this.#open(context, broker, { ...defaultMonitorSettings, budget: listenerBudget });
      await known?.close();
      this.#plantListeners.set(brokerId, monitor);
      monitor.start();
      return monitor;
    });
  }

  async #open(context: OperationContext, broker: BrokerRow, settings: MonitorSettings): Promise<Monitor> {
    const { topics, payloadBytes, historyBytes } = settings.budget;
    const watch = this.plantWatches.of(broker);
    const monitor = new Monitor({
      connection: await monitorConnection(context, broker, settings),
      filters: withoutOverlap(listenedFilters(settings)),
      budget: { topics, bytes: payloadBytes, valueBytes: monitorValueBytes },
      historyBytes,
      clock: this.#options.clock,
      logger: this.#options.logger,
      checkSignature: (topic, payload) => this.checkSignature(topic, payload),
      replayOf: (payload, receivedAt) => watch.replayOf(parseObject(payload)?.sig, receivedAt),
    });
    const isProof = (topic: string, payload: Uint8Array) =>
      keepsPlantsApart(broker) ||
      (payload.byteLength <= messageSizeLimit &&
        this.#proofChecks.tryTake(this.#options.clock.now().getTime()) &&
        this.checkSignature(topic, payload) === 'valid');
    monitor.onMessage((message) => {
      // Where two hear the same messages, the one that hears all of them counts.
      if (this.ownMessages.includes(broker.brokerId, message)) return;
      const { topic, payload, retained } = message;
      if (!retained) this.#sight(topic, () => isProof(topic, payload));
      if ((this.#plantListeners.get(broker.brokerId) ?? monitor) === monitor) watch.take(message);
    });
    return monitor;
  }

  async disconnect(brokerId: string): Promise<MonitorConnection> {
    const monitor = this.#monitors.get(brokerId)?.monitor;
    await monitor?.stop();
    return monitor?.connection() ?? { state: 'stopped', reason: null };
  }

  /** Lets `id` be looked at like a broker. Answers how to end it. */
  show(id: string, monitor: Monitor): () => Promise<void> {
    this.#shown.set(id, monitor);
    return async () => {
      if (this.#shown.get(id) === monitor) this.#shown.delete(id);
      await monitor.close();
    };
  }

  /** Answers how to end it. Throws `monitor/not-connected` before the first `connect`. */
  tap(brokerId: string, tap: Tap): () => void {
    const { monitor, settings } = this.#requireBrokers(brokerId);
    const taps = this.#tapsOf(brokerId);
    taps.add(tap);
    tap.onMonitor(monitor, settings);
    return () => taps.delete(tap);
  }

  /** Of the monitor that hears the plants of a broker. */
  plantsConnection(brokerId: string): MonitorConnection {
    const monitor = this.#plantListeners.get(brokerId) ?? this.#monitors.get(brokerId)?.monitor;
    return monitor?.connection() ?? { state: 'stopped', reason: null };
  }

  /** Throws `monitor/not-connected` before the first `connect`. */
  require(brokerId: string): Monitor {
    return this.#shown.get(brokerId) ?? this.#requireBrokers(brokerId).monitor;
  }

  #requireBrokers(brokerId: string): Live {
    const live = this.#monitors.get(brokerId);
    if (!live) throw new ConsoleError('monitor/not-connected', { details: { brokerId } });
    return live;
  }

  /** The monitors there are, again whenever something of it changed, until `signal` aborts. */
  async *states(signal: AbortSignal): AsyncGenerator<MonitorState[], void, undefined> {
    let told = '';
    while (!signal.aborted) {
      const states = [...this.#monitors].map(([brokerId, { monitor }]) => {
        return { brokerId, connection: monitor.connection(), rate: monitor.rate() };
      });
      const words = JSON.stringify(states);
      if (words !== told) yield states;
      told = words;
      await sleep(statesIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  list(): MonitorSummary[] {
    return [...this.#monitors].map(([brokerId, { monitor, settings }]) => {
      const { droppedByBroker, droppedTopics, cutValues, leftOutProperties, oversized, pauses, history, ...heard } =
        monitor.counts();
      return {
        brokerId,
        connection: monitor.connection(),
        protocolVersion: monitor.protocolVersion ?? null,
        settings,
        heard: { ...heard, rate: monitor.rate() },
        history,
        dropped: { byBroker: droppedByBroker, topics: droppedTopics, cutValues, leftOutProperties, oversized },
        pauses,
      };
    });
  }

  /** For a broker that is no more. */
  async forget(brokerId: string): Promise<void> {
    await this.#monitors.get(brokerId)?.monitor.close();
    await this.#plantListeners.get(brokerId)?.close();
    this.#monitors.delete(brokerId);
    for (const { onGone } of this.#tapsOf(brokerId)) onGone();
    this.#taps.delete(brokerId);
    this.#plantListeners.delete(brokerId);
    this.plantWatches.forget(brokerId);
  }

  /** Ends every connection and every watch, and lets the console's own key go: the vault was locked. */
  async close(): Promise<void> {
    const monitors = [...this.#monitors.values()].map(({ monitor }) => monitor);
    for (const taps of this.#taps.values()) for (const { onGone } of taps) onGone();
    this.#taps.clear();
    const all = [...monitors, ...this.#plantListeners.values(), ...this.#shown.values()];
    await Promise.all(all.map((monitor) => monitor.close()));
    this.#monitors.clear();
    this.#shown.clear();
    this.#plantListeners.clear();
    this.plantWatches.clear();
  }

  #tapsOf(brokerId: string): Set<Tap> {
    const known = this.#taps.get(brokerId) ?? new Set<Tap>();
    this.#taps.set(brokerId, known);
    return known;
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

  /** Of a message that a plant sent, by the secret in the vault. */
  checkSignature(topic: string, payload: Uint8Array): SignatureState {
    const [, plantId, kind] = plantMessage.exec(topic) ?? [];
    if (kind !== 'telemetry' && kind !== 'ack' && kind !== 'alarm') return 'unknown';
    return judgeMessage(this.#options.context(), kind, plantId ?? '', payload).signature;
  }
}

export const settingsOf = (context: OperationContext, brokerId: string): MonitorSettings =>
  context.vault.monitorSettings.get(brokerId) ?? defaultMonitorSettings;

/** It goes on by itself; a refused one is asked again, since what it was refused for may have been mended. */
const isTrying = (monitor: Monitor): boolean => {
  const { state } = monitor.connection();
  return state !== 'stopped' && state !== 'refused';
};

const hearsAllPlants = ({ identity, filters }: MonitorSettings): boolean =>
  identity.kind === 'console' && filters.some((filter) => filterCoversFilter(filter, allPlantsFilter));

/** Some brokers send a message once for each subscription that matches it. */
const withoutOverlap = (filters: readonly string[]): string[] => {
  const different = [...new Set(filters)];
  return different.filter((one) => !different.some((other) => other !== one && filterCoversFilter(other, one)));
};
