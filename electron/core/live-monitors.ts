// One monitor a broker, shared by all windows. Besides showing what it hears, it tells the watches of the plants, which
// say what proves that a plant has a session (plant-watches.ts).
// A locked console hears nothing. The vault can be locked, and a broker deleted, whenever something is waited for: who
// waited asks the vault for the broker again before it begins to listen, and an open vault that was locked throws
// `vault/locked` for ever. `close` and `forget` take away in one go what there is, and wait for nothing before.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorConnection, MonitorState, MonitorSummary } from '../../shared/model/monitor.ts';
import { defaultMonitorSettings, listenedFilters, type MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { allPlantsFilter } from '../../shared/model/topics.ts';
import { Monitor, type MonitorMessageListener, type SignatureState } from '../monitor/monitor.ts';
import { requireBroker } from '../operations/brokers.ts';
import type { OperationContext } from '../operations/context.ts';
import { monitorConnection } from '../operations/monitor-connection.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { Mutex } from '../platform/mutex.ts';
import { filterCoversFilter } from '../policy/filters.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { OwnMessages } from './own-messages.ts';
import { PlantWatches, parseObject } from './plant-watches.ts';

/** Bytes of one payload kept at most. */
export const monitorValueBytes = 256 * 1024;
/** For who hears and keeps nothing. */
const listenerBudget = { topics: 1, payloadBytes: 1024 * 1024, historyBytes: 0 };

const statesIntervalMs = 1000;

/** Why nothing more will be heard. */
export type Gone = 'locked' | 'deleted';

/** Hears what the monitor of one broker hears, also when that one begins anew. */
export type Tap = {
  readonly onMessage: MonitorMessageListener;
  readonly onGone: (why: Gone) => void;
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

/** With the broker and the settings that the monitor was made with. */
type Live = { readonly monitor: Monitor; readonly broker: BrokerRow; readonly settings: MonitorSettings };

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
  /** Who waits for a word of a broker's plants, by broker. */
  readonly #plantEars = new Map<string, Set<MonitorMessageListener>>();
  /** What the console itself put into brokers, by hand or from a recording. */
  readonly ownMessages: OwnMessages;
  /** What is heard of each plant, by broker. */
  readonly plantWatches: PlantWatches;

  constructor(options: Options) {
    const { context, logger, clock } = options;
    this.#options = options;
    this.plantWatches = new PlantWatches({ context, logger });
    this.ownMessages = new OwnMessages(clock);
  }

  /**
   * Connects unless it is connected or trying already; asked twice at once, it connects once. What `wish` does not name
   * is as it was the last time; what it changes is remembered, and begins anew with nothing kept, as it does where the
   * broker has changed. Otherwise one that was disconnected goes on with what it has received and counted. Throws
   * `vault/locked` and `broker/not-found` also where that came about meanwhile.
   */
  async connect(
    context: OperationContext,
    broker: BrokerRow,
    wish: Partial<MonitorSettings> = {},
  ): Promise<MonitorConnection> {
    return (await this.#turn.run(() => this.#connect(context, broker, wish))).connection();
  }

  /** One that hears every plant of the broker, whatever the operator looks at. Throws as `connect` does. */
  listen(context: OperationContext, broker: BrokerRow): Promise<Monitor> {
    const { brokerId } = broker;
    return this.#turn.run(async () => {
      requireBroker(context, brokerId);
      const shown = this.#monitors.get(brokerId)?.settings ?? settingsOf(context, brokerId);
      return hearsAllPlants(shown) ? this.#connect(context, broker, {}) : this.#listenBeside(context, broker);
    });
  }

  /**
   * Has `listener` hear what the plants of the broker say, and nothing of the console's own, also once the operator looks
   * elsewhere or at nothing. Answers how to end it. A locked vault, or a broker that is deleted, is silence.
   */
  hearPlants(context: OperationContext, broker: BrokerRow, listener: MonitorMessageListener): () => void {
    const ears = this.#plantEars.get(broker.brokerId) ?? new Set();
    this.#plantEars.set(broker.brokerId, ears.add(listener));
    void this.listen(context, broker).catch(() => undefined);
    return () => void ears.delete(listener);
  }

  /** For who needs to hear the plants, whatever the operator listens to. */
  async #listenBeside(context: OperationContext, broker: BrokerRow): Promise<Monitor> {
    const { brokerId } = broker;
    const known = this.#plantListeners.get(brokerId);
    if (known && isTrying(known)) return known;
    const monitor = await this.#make(context, broker, { ...defaultMonitorSettings, budget: listenerBudget });
    await known?.close();
    requireBroker(context, brokerId);
    this.#plantListeners.set(brokerId, monitor);
    this.#tellPlants(broker, monitor);
    monitor.start();
    return monitor;
  }

  #isWaitedFor(brokerId: string): boolean {
    return (this.#plantEars.get(brokerId)?.size ?? 0) > 0;
  }

  async #connect(context: OperationContext, broker: BrokerRow, wish: Partial<MonitorSettings>): Promise<Monitor> {
    const { brokerId } = requireBroker(context, broker.brokerId);
    const before = settingsOf(context, brokerId);
    const settings = { ...before, ...wish };
    const known = this.#monitors.get(brokerId);
    if (known && isTrying(known.monitor) && isDeepStrictEqual(known.settings, settings)) return known.monitor;
    if (known && isDeepStrictEqual([known.broker, known.settings], [broker, settings])) {
      return await this.#connectAgain(context, known);
    }
    const monitor = await this.#make(context, broker, settings);
    requireBroker(context, brokerId);
    if (!isDeepStrictEqual(before, settings)) context.vault.monitorSettings.put(brokerId, settings);
    if (this.#isWaitedFor(brokerId) && !hearsAllPlants(settings)) await this.#listenBeside(context, broker);
    // Before the one that they heard ends, so that its end is not taken for a gap by who does not go on.
    for (const { onMonitor } of this.#tapsOf(brokerId)) onMonitor(monitor, settings);
    await known?.monitor.close();
    requireBroker(context, brokerId);
    this.#monitors.set(brokerId, { monitor, broker, settings });
    // First of all who hears: the others ask what was found out about a message.
    this.#tellPlants(broker, monitor);
    const taps = this.#tapsOf(brokerId);
    monitor.onMessage((message) => {
      for (const { onMessage } of taps) onMessage(message);
    });
    this.#options.onListen?.(broker, monitor, settings);
    if (hearsAllPlants(settings)) monitor.onConnection(({ state }) => this.#endBeside(brokerId, monitor, state));
    monitor.start();
    return monitor;
  }

  /** By what is believed and logged in with by now. Who hears the monitor goes on hearing it. */
  async #connectAgain(context: OperationContext, { monitor, broker, settings }: Live): Promise<Monitor> {
    const connection = await monitorConnection(context, broker, settings);
    await monitor.stop();
    requireBroker(context, broker.brokerId);
    monitor.start(connection);
    return monitor;
  }

  /** What the operator listens to hears the plants itself: a second one would cost the broker twice. */
  #endBeside(brokerId: string, monitor: Monitor, state: MonitorConnection['state']): void {
    const beside = this.#plantListeners.get(brokerId);
    if (!beside || state !== 'connected' || this.#monitors.get(brokerId)?.monitor !== monitor) return;
    this.#plantListeners.delete(brokerId);
    void beside.close();
  }

  /** It does not connect yet. */
  async #make(context: OperationContext, broker: BrokerRow, settings: MonitorSettings): Promise<Monitor> {
    const { topics, payloadBytes, historyBytes } = settings.budget;
    await this.plantWatches.ready();
    return new Monitor({
      connection: await monitorConnection(context, broker, settings),
      renewed: async () => await monitorConnection(context, requireBroker(context, broker.brokerId), settings),
      filters: withoutOverlap(listenedFilters(settings)),
      budget: { topics, bytes: payloadBytes, valueBytes: monitorValueBytes },
      historyBytes,
      clock: this.#options.clock,
      logger: this.#options.logger,
      checkSignature: (topic, payload) => this.checkSignature(topic, payload),
      replayOf: (payload, receivedAt) =>
        this.plantWatches.known(broker.brokerId)?.replayOf(parseObject(payload)?.sig, receivedAt),
    });
  }

  #tellPlants(broker: BrokerRow, monitor: Monitor): void {
    const watch = this.plantWatches.of(broker);
    monitor.onMessage((message) => {
      // Where two hear the same messages, the one that hears all of them counts; one that was ended, never.
      if (this.#plantsMonitor(broker.brokerId) !== monitor) return;
      if (this.ownMessages.includes(broker.brokerId, message)) return watch.takeOwn(message);
      watch.take(message);
      for (const listener of this.#plantEars.get(broker.brokerId) ?? []) listener(message);
    });
  }

  /** A listener that the broker does not let in is none. */
  #plantsMonitor(brokerId: string): Monitor | undefined {
    const listener = this.#plantListeners.get(brokerId);
    return listener && isTrying(listener) ? listener : this.#monitors.get(brokerId)?.monitor;
  }

  disconnect(brokerId: string): Promise<MonitorConnection> {
    return this.#turn.run(async () => {
      const monitor = this.#monitors.get(brokerId)?.monitor;
      const context = this.#options.context();
      if (context && this.#isWaitedFor(brokerId)) {
        await this.#listenBeside(context, requireBroker(context, brokerId));
      }
      await monitor?.stop();
      return monitor?.connection() ?? { state: 'stopped', reason: null };
    });
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

  /** For a broker that is no more: nobody can connect to it again, nor is anybody in the middle of it let through. */
  async forget(brokerId: string): Promise<void> {
    const monitors = [this.#monitors.get(brokerId)?.monitor, this.#plantListeners.get(brokerId)];
    const taps = this.#tapsOf(brokerId);
    this.#monitors.delete(brokerId);
    this.#plantListeners.delete(brokerId);
    this.#taps.delete(brokerId);
    this.#plantEars.delete(brokerId);
    this.plantWatches.forget(brokerId);
    for (const { onGone } of taps) onGone('deleted');
    await Promise.all(monitors.map((monitor) => monitor?.close()));
  }

  /** Ends every connection and every watch, and lets the console's own key go: the vault was locked. */
  async close(): Promise<void> {
    const shown = [...this.#monitors.values()].map(({ monitor }) => monitor);
    const monitors = [...shown, ...this.#plantListeners.values(), ...this.#shown.values()];
    const taps = [...this.#taps.values()].flatMap((some) => [...some]);
    for (const kept of [this.#monitors, this.#plantListeners, this.#shown, this.#taps, this.#plantEars]) kept.clear();
    this.plantWatches.clear();
    for (const { onGone } of taps) onGone('locked');
    await Promise.all(monitors.map((monitor) => monitor.close()));
  }

  #tapsOf(brokerId: string): Set<Tap> {
    const known = this.#taps.get(brokerId) ?? new Set<Tap>();
    this.#taps.set(brokerId, known);
    return known;
  }

  /** Of a message that a plant sent, by the secret in the vault. */
  checkSignature(topic: string, payload: Uint8Array): SignatureState {
    return this.plantWatches.judgeTopic(topic, payload);
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
