// Live MQTT of one broker: what one identity hears, kept as the last value of each topic and as the last messages of all.
// Topics and payloads come from strangers. They are never logged, and a payload is decoded for showing only.

import { ConsoleError } from '../../shared/model/errors.ts';
import type {
  HistoryMessage,
  PastMonitorMessage,
  TopicHistory,
  TopicSeries,
} from '../../shared/model/message-history.ts';
import type {
  MessageHistoryCounts,
  MonitorConnection,
  MonitorFrame,
  MonitorMessage,
  TopicLook,
} from '../../shared/model/monitor.ts';
import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';
import { filterMatchesTopic } from '../../shared/model/topics.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { randomHex } from '../platform/random.ts';
import { BrokerLink, type BrokerLinkOptions } from './broker-link.ts';
import {
  type BrokerConnection,
  droppedByBroker,
  type ProtocolVersion,
  type SessionTiming,
  sessionTiming,
} from './broker-session.ts';
import { cutFrames, defaultFrameLimits, type FrameLimits, toTopicValue } from './frames.ts';
import type { IngestCounts } from './ingest/paced-stream.ts';
import { MessageHistory, type PastMessage } from './message-history.ts';
import { decodeProperties, encodeProperties, messageProperties } from './message-properties.ts';
import type { ReplayVerdict } from './replay-check.ts';
import { type RetryDelay, retryDelay } from './retry-delay.ts';
import { type SeriesQuery, topicSeries } from './topic-series.ts';
import {
  defaultBudget,
  type IncomingMessage,
  type StoreBudget,
  type StoreCounts,
  type StoredValue,
  TopicStore,
} from './topic-store.ts';
import { TopicView } from './tree/topic-view.ts';

export type SignatureState = MonitorMessage['signature'];

/** Where messages come from, when not from a broker. */
export type MessageSource = { start(connection?: BrokerConnection): void; stop(): Promise<void> };

type Ears = {
  readonly onState: (connection: MonitorConnection) => void;
  readonly onMessage: (message: IncomingMessage) => void;
};

type Origin =
  | {
      readonly connection: BrokerConnection;
      /** See there. */
      readonly renewed?: BrokerLinkOptions['renewed'];
      /** MQTT topic filters. */
      readonly filters: readonly string[];
      readonly retryDelay?: RetryDelay;
      readonly timing?: SessionTiming;
    }
  | { readonly source: (ears: Ears) => MessageSource };

export type MonitorOptions = Origin & {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked only when a message is opened, never for each one that arrives. */
  readonly checkSignature: (topic: string, payload: Uint8Array) => SignatureState;
  /** Of a message that is opened and has a valid signature: what was found out as it came, where it was. */
  readonly replayOf?: (payload: Uint8Array, receivedAt: number) => ReplayVerdict | undefined;
  readonly budget?: StoreBudget;
  /** Bytes of earlier messages kept at most. */
  readonly historyBytes?: number;
  readonly frameLimits?: FrameLimits;
};

/** Called for every message as it arrives. The payload is the client's own memory: copy what must outlive the call. */
export type MonitorMessageListener = (message: IncomingMessage) => void;

export type HistoryQuery = {
  /** Only messages with a smaller id. */
  readonly before: number | undefined;
  readonly limit: number;
  readonly payloadBytes: number;
};

type Judgeable = Pick<StoredValue, 'topic' | 'payload' | 'payloadBytes' | 'receivedAt'>;

/** Of payloads and properties in one answer. */
const maxAnswerBytes = 4 * 1024 * 1024;

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #store: TopicStore;
  readonly #history: MessageHistory;
  readonly #link: BrokerLink | undefined;
  readonly #source: MessageSource;
  readonly #listeners = new Set<MonitorMessageListener>();
  readonly #connectionListeners = new Set<(connection: MonitorConnection) => void>();
  readonly #closing = new AbortController();
  readonly #treeId = randomHex(8);
  #connection: MonitorConnection = { state: 'stopped', reason: null };
  #budgetReached = false;

  /** Throws `monitor/connect-failed` when the connection's certificate or key is unusable. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    const budget = options.budget ?? defaultBudget;
    this.#store = new TopicStore(budget);
    this.#history = new MessageHistory(options.historyBytes ?? 0, budget.valueBytes);
    const onState = (connection: MonitorConnection) => this.#setConnection(connection);
    if ('source' in options) {
      this.#source = options.source({ onState, onMessage: (message) => this.#receive(message) });
      return;
    }
    const { connection, filters, clock } = options;
    const showsBrokerDrops = filters.some((filter) => filterMatchesTopic(filter, droppedByBroker));
    this.#link = new BrokerLink({
      connection,
      renewed: options.renewed,
      filters,
      clock,
      retryDelay: options.retryDelay ?? retryDelay,
      timing: options.timing ?? sessionTiming,
      onState,
      onMessage: (topic, payload, packet) => {
        if (topic === droppedByBroker && !showsBrokerDrops) return this.#store.noteBrokerDrops(payload);
        const { qos, retain: retained } = packet;
        const properties = messageProperties(packet);
        this.#receive({ topic, payload, qos, retained, properties, receivedAt: clock.now().getTime() });
      },
    });
    this.#source = this.#link;
  }

  /**
   * Begins to connect; does nothing while it already runs. What was received before is kept. To the same broker, by
   * `connection` if one is given; throws `monitor/connect-failed` when its certificate or key is unusable.
   */
  start(connection?: BrokerConnection): void {
    this.#source.start(connection);
  }

  /** Resolves when the connection is closed. Values stay readable, and watchers go on watching. */
  async stop(): Promise<void> {
    await this.#source.stop();
  }

  /** Stops for good: every watcher ends, so that it can turn to the monitor that takes this one's place. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.stop();
  }

  connection(): MonitorConnection {
    return this.#connection;
  }

  /** What one window looks at; it is told what it sees by `watch`, and looks elsewhere with its own `look`. */
  view(look: TopicLook): TopicView {
    return new TopicView(this.#store, look);
  }

  /** Frames of what `view` looks at, until `signal` aborts or the monitor is closed. */
  watch(view: TopicView, signal: AbortSignal): AsyncGenerator<MonitorFrame, void, undefined> {
    const { clock, frameLimits = defaultFrameLimits } = this.#options;
    const source = {
      treeId: this.#treeId,
      store: this.#store,
      clock,
      connection: () => this.#connection,
      leftOut: () => ({ oversized: this.#ingest().oversized, evicted: this.#history.counts().evicted }),
    };
    return cutFrames(source, view, AbortSignal.any([signal, this.#closing.signal]), frameLimits);
  }

  /** The topic, or the way to the branch, that a row of the tree names; undefined when there is none. */
  path(nodeId: number): string | undefined {
    return this.#store.tree.node(nodeId)?.path;
  }

  /** Messages a second over the last seconds. */
  rate(): number {
    return this.#store.tree.root.rate.perSecond(this.#options.clock.now().getTime());
  }

  /** The last message of `topic` with its payload. A payload over the budget is cut: it is then shorter than `payloadBytes`. */
  message(topic: string): MonitorMessage | undefined {
    const value = this.#store.get(topic);
    if (value === undefined) return undefined;
    return {
      ...toTopicValue(value),
      payloadBase64: Buffer.from(value.payload).toString('base64'),
      properties: decodeProperties(value.properties),
      lacksProperties: value.lacksProperties,
      ...this.#judge(value),
    };
  }

  /**
   * Earlier messages, newest first, of each the first `payloadBytes` bytes; fewer than `limit` where they would
   * make an answer of more than a few megabytes.
   */
  history(topic: string, { before, limit, payloadBytes }: HistoryQuery): TopicHistory {
    const messages: HistoryMessage[] = [];
    const whole = { heard: this.#store.get(topic)?.messageCount ?? 0, allTopics: this.#history.counts() };
    let room = maxAnswerBytes;
    for (const message of this.#history.of(topic, before)) {
      const payload = message.payload.subarray(0, payloadBytes);
      room -= payload.byteLength + message.properties.byteLength;
      if (messages.length === limit || (room < 0 && messages.length > 0)) return { messages, hasMore: true, ...whole };
      messages.push(toHistoryMessage(message, payload));
    }
    return { messages, hasMore: false, ...whole };
  }

  /** One of them whole, as far as it is kept; undefined when it had to make room. */
  pastMessage(topic: string, messageId: number): PastMonitorMessage | undefined {
    const { value: message } = this.#history.of(topic, messageId + 1).next();
    if (message?.messageId !== messageId) return undefined;
    return { ...toHistoryMessage(message, message.payload), ...this.#judge({ ...message, topic }) };
  }

  series(query: SeriesQuery): Promise<TopicSeries> {
    return topicSeries(this.#history, query);
  }

  /** Over the session that stands, as its identity. Throws `monitor/not-connected` and `publish/unanswered`. */
  async publish(message: OutgoingMessage): Promise<PublishAnswer> {
    if (!this.#link) throw new ConsoleError('monitor/not-connected');
    return await this.#link.publish(message);
  }

  /** In which the session that stands is held. */
  get protocolVersion(): ProtocolVersion | undefined {
    return this.#link?.protocolVersion;
  }

  /** What was kept and what was not, and how often the broker was made to wait. */
  counts(): StoreCounts & IngestCounts & { readonly history: MessageHistoryCounts } {
    return { ...this.#store.counts(), ...this.#ingest(), history: this.#history.counts() };
  }

  /** Returns the call that ends it. A listener must be quick; one that throws is logged and goes on hearing. */
  onMessage(listener: MonitorMessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called whenever the connection changed. Returns the call that ends it. */
  onConnection(listener: (connection: MonitorConnection) => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  #ingest(): IngestCounts {
    return this.#link?.ingest() ?? { oversized: 0, pauses: 0 };
  }

  #judge({ topic, payload, payloadBytes, receivedAt }: Judgeable): Pick<MonitorMessage, 'signature' | 'replay'> {
    const isWhole = payload.byteLength === payloadBytes;
    const signature = isWhole ? this.#options.checkSignature(topic, payload) : 'unknown';
    if (signature !== 'valid') return { signature, replay: null };
    return { signature, replay: this.#options.replayOf?.(payload, receivedAt) ?? 'unchecked' };
  }

  #receive(message: IncomingMessage): void {
    const properties = encodeProperties(message.properties);
    const isKept = this.#store.take(message, properties);
    if (isKept) this.#history.add(message, properties);
    for (const listener of this.#listeners) this.#tell(listener, message);
    if (!isKept && !this.#budgetReached) {
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
    for (const listener of this.#connectionListeners) listener(connection);
    this.#store.touch();
    if (!('connection' in this.#options)) return;
    const { host, port } = this.#options.connection;
    this.#options.logger.info('monitor connection', { host, port, ...connection });
  }
}

const toHistoryMessage = (message: PastMessage, payload: Uint8Array): HistoryMessage => ({
  messageId: message.messageId,
  receivedAt: new Date(message.receivedAt).toISOString(),
  payloadBytes: message.payloadBytes,
  payloadBase64: Buffer.from(payload).toString('base64'),
  qos: message.qos,
  retained: message.retained,
  properties: decodeProperties(message.properties),
  lacksProperties: message.lacksProperties,
});
