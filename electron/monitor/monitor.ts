// Live MQTT of one broker: what the console's own identity hears, kept as the last value of each topic.
// Topics and payloads come from strangers. They are never logged, and a payload is decoded for showing only.

import type { MonitorConnection, MonitorFrame, MonitorMessage } from '../../shared/model/monitor.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { BrokerLink } from './broker-link.ts';
import type { BrokerConnection } from './broker-session.ts';
import { cutFrames, defaultFrameLimits, type FrameLimits, toTopicValue } from './frames.ts';
import { type RetryDelay, retryDelay } from './retry-delay.ts';
import { defaultBudget, type IncomingMessage, type StoreBudget, TopicStore } from './topic-store.ts';

export type SignatureState = MonitorMessage['signature'];

export type MonitorOptions = {
  readonly connection: BrokerConnection;
  /** MQTT topic filters. */
  readonly filters: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked only when a message is opened, never for each one that arrives. */
  readonly checkSignature: (topic: string, payload: Uint8Array) => SignatureState;
  readonly budget?: StoreBudget;
  readonly frameLimits?: FrameLimits;
  readonly retryDelay?: RetryDelay;
};

/** Called for every message as it arrives. The payload is the client's own memory: copy what must outlive the call. */
export type MonitorMessageListener = (message: IncomingMessage) => void;

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #store: TopicStore;
  readonly #link: BrokerLink;
  readonly #listeners = new Set<MonitorMessageListener>();
  readonly #closing = new AbortController();
  #connection: MonitorConnection = { state: 'stopped', reason: null };
  #budgetReached = false;

  /** Throws `monitor/connect-failed` when the connection's certificate or key is unusable. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#store = new TopicStore(options.budget ?? defaultBudget);
    this.#link = new BrokerLink({
      connection: options.connection,
      filters: options.filters,
      clock: options.clock,
      retryDelay: options.retryDelay ?? retryDelay,
      onState: (connection) => this.#setConnection(connection),
      onMessage: (topic, payload, { qos, retain }) =>
        this.#receive({ topic, payload, qos, retained: retain, receivedAt: options.clock.now().getTime() }),
    });
  }

  /** Begins to connect; does nothing while it already runs. What was received before is kept. */
  start(): void {
    this.#link.start();
  }

  /** Resolves when the connection is closed. Values stay readable, and watchers go on watching. */
  async stop(): Promise<void> {
    await this.#link.stop();
  }

  /** Stops for good: every watcher ends, so that it can turn to the monitor that takes this one's place. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.stop();
  }

  connection(): MonitorConnection {
    return this.#connection;
  }

  /** Frames of changes until `signal` aborts or the monitor is closed; the first tells that it resets. */
  watch(signal: AbortSignal): AsyncGenerator<MonitorFrame, void, undefined> {
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    return cutFrames(this.#store, () => this.#connection, ending, this.#options.frameLimits ?? defaultFrameLimits);
  }

  /** The last message of `topic` with its payload. A payload over the budget is cut: it is then shorter than `payloadBytes`. */
  message(topic: string): MonitorMessage | undefined {
    const value = this.#store.get(topic);
    if (value === undefined) return undefined;
    const whole = value.payload.byteLength === value.payloadBytes;
    return {
      ...toTopicValue(value),
      payloadBase64: Buffer.from(value.payload).toString('base64'),
      signature: whole ? this.#options.checkSignature(topic, value.payload) : 'unknown',
    };
  }

  /** Returns the call that ends it. A listener must be quick; one that throws is logged and goes on hearing. */
  onMessage(listener: MonitorMessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #receive(message: IncomingMessage): void {
    this.#store.take(message);
    for (const listener of this.#listeners) this.#tell(listener, message);
    if (!this.#budgetReached && this.#store.counts().droppedTopics > 0) {
      this.#budgetReached = true;
      this.#options.logger.warn('the monitor has no room for more topics', { ...this.#store.counts() });
    }
  }

  /** An exception must not reach mqtt.js: it would end the process. */
  #tell(listener: MonitorMessageListener, message: IncomingMessage): void {
    try {
      listener(message);
    } catch (error) {
      this.#options.logger.error('a listener of the monitor failed', { error });
    }
  }

  #setConnection(connection: MonitorConnection): void {
    this.#connection = connection;
    this.#store.touch();
    const { host, port } = this.#options.connection;
    this.#options.logger.info('monitor connection', { host, port, ...connection });
  }
}
