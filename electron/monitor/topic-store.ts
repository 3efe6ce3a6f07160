// The last value of every topic, within a budget, and the tree of topics that counts them.
// - Each topic owns its buffers, and its next values are copied into them (kept-bytes.ts).
// - A topic that finds no room is not kept, and its messages are counted. A value that finds no room is kept as far
//   as it fits; its `payloadBytes` tells its true size. Properties that find none are left out whole, and counted.
// - Nothing here decodes a payload.

import type { MessageProperties } from '../../shared/model/message-properties.ts';
import { KeptBytes } from './kept-bytes.ts';
import { encodeProperties } from './message-properties.ts';
import { topicKey } from './topic-key.ts';
import { type TopicNode, TopicTree } from './tree/topic-tree.ts';

export type StoreBudget = {
  /** Topics kept at most. */
  readonly topics: number;
  /** Bytes of topics, values and what it takes to keep them, at most. */
  readonly bytes: number;
  /** Bytes of one payload kept at most. Voke's own messages have 8 KiB at most. */
  readonly valueBytes: number;
};

export const defaultBudget: StoreBudget = { topics: 100_000, bytes: 128 * 1024 * 1024, valueBytes: 256 * 1024 };

export type IncomingMessage = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
  /** Unix time in milliseconds. */
  readonly receivedAt: number;
  /** Of MQTT 5, where the sender said something. */
  readonly properties?: MessageProperties | undefined;
};

/** One topic's last value. It is overwritten in place: read it at once, keep nothing of it. */
export type StoredValue = {
  readonly topic: string;
  /** What was kept of the payload. */
  readonly payload: Uint8Array;
  /** The payload's true size; more than `payload` holds when it did not fit. */
  readonly payloadBytes: number;
  readonly messageCount: number;
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
  readonly receivedAt: number;
  /** As `decodeProperties` reads them; empty where there are none. */
  readonly properties: Uint8Array;
  /** Whether the message had properties that found no room. */
  readonly lacksProperties: boolean;
};

export type StoreCounts = {
  /** Messages whose topic is kept. */
  readonly messages: number;
  readonly topics: number;
  /** Payload bytes of those messages. */
  readonly payloadBytes: number;
  /** Messages whose topic was new and found no room. */
  readonly droppedTopics: number;
  /** Values of which only the beginning was kept. */
  readonly cutValues: number;
  /** Messages whose properties found no room. */
  readonly leftOutProperties: number;
  /** Messages that the broker dropped towards any of its clients since the monitor hears; null while it does not say. */
  readonly droppedByBroker: number | null;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Mutable<StoredValue> & {
  readonly keptPayload: KeptBytes;
  /** null until its topic had a message with properties. */
  keptProperties: KeptBytes | null;
  node: TopicNode<StoredValue> | null;
};

/** What V8 takes for a topic, and for each level that only this topic has, besides their names; measured. */
const topicBytes = 500;
const levelBytes = 400;
/** What it takes to keep properties of a topic, besides themselves. */
const propertiesOverheadBytes = 400;

const nothing = new Uint8Array(0);
/** A string takes two bytes a character at most. */
const nameBytes = (topic: string): number => topic.length * 2;

/** What Mosquitto says of messages that it dropped: a sum since its start, told every few seconds. */
class BrokerDrops {
  static readonly topic = '$SYS/broker/publish/messages/dropped';
  #last: number | null = null;
  #count = 0;

  get count(): number | null {
    return this.#last === null ? null : this.#count;
  }

  note(payload: Uint8Array): void {
    const sum = Number(Buffer.from(payload).toString('latin1'));
    if (!Number.isSafeInteger(sum)) return;
    // A broker that was started again begins at 0.
    if (this.#last !== null) this.#count += sum < this.#last ? sum : sum - this.#last;
    this.#last = sum;
  }
}

export class TopicStore {
  readonly #budget: StoreBudget;
  /** Its values are overwritten in place, like those of `get`. */
  readonly tree = new TopicTree<StoredValue>();
  /** By `topicKey`. */
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #brokerDrops = new BrokerDrops();
  #messages = 0;
  #payloadBytes = 0;
  #droppedTopics = 0;
  #cutValues = 0;
  #leftOutProperties = 0;
  #keptBytes = 0;

  constructor(budget: StoreBudget = defaultBudget) {
    this.#budget = budget;
  }

  /** Whether its topic is kept. `properties` are those of the message, encoded. */
  take(message: IncomingMessage, properties = encodeProperties(message.properties)): boolean {
    const key = topicKey(message.topic);
    const entry = this.#entries.get(key) ?? this.#newEntry(key, message.topic);
    if (entry === undefined) {
      this.#droppedTopics += 1;
      this.touch();
      return false;
    }
    this.#messages += 1;
    this.#payloadBytes += message.payload.byteLength;
    this.#keepPayload(entry, message.payload);
    this.#keepProperties(entry, properties);
    entry.payloadBytes = message.payload.byteLength;
    entry.messageCount += 1;
    entry.qos = message.qos;
    entry.retained = message.retained;
    entry.receivedAt = message.receivedAt;
    if (entry.node) this.tree.count(entry.node, message.retained, message.receivedAt);
    if (message.topic === BrokerDrops.topic) this.#brokerDrops.note(entry.payload);
    this.touch();
    return true;
  }

  /** What the broker says that it dropped, for a monitor that does not show what brokers say of themselves. */
  noteBrokerDrops(payload: Uint8Array): void {
    this.#brokerDrops.note(payload);
    this.touch();
  }

  get(topic: string): StoredValue | undefined {
    return this.#entries.get(topicKey(topic));
  }

  counts(): StoreCounts {
    return {
      messages: this.#messages,
      topics: this.#entries.size,
      payloadBytes: this.#payloadBytes,
      droppedTopics: this.#droppedTopics,
      cutValues: this.#cutValues,
      leftOutProperties: this.#leftOutProperties,
      droppedByBroker: this.#brokerDrops.count,
    };
  }

  /** Calls back at every change, at broker speed; answers how to end it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets every listener look again although no value changed. */
  touch(): void {
    for (const listener of this.#listeners) listener();
  }

  #newEntry(key: string, topic: string): Entry | undefined {
    if (this.#entries.size >= this.#budget.topics) return undefined;
    const bytes = nameBytes(topic) + topicBytes + this.tree.newLevels(topic) * levelBytes;
    if (bytes > this.#room()) return undefined;
    const entry: Entry = {
      topic,
      keptPayload: new KeptBytes(),
      keptProperties: null,
      payload: nothing,
      payloadBytes: 0,
      messageCount: 0,
      qos: 0,
      retained: false,
      receivedAt: 0,
      properties: nothing,
      lacksProperties: false,
      node: null,
    };
    entry.node = this.tree.add(topic, entry);
    this.#entries.set(key, entry);
    this.#keptBytes += bytes;
    return entry;
  }

  #keepPayload(entry: Entry, payload: Uint8Array): void {
    this.#keep(entry.keptPayload, payload, this.#budget.valueBytes);
    entry.payload = entry.keptPayload.bytes;
    if (entry.payload.byteLength < payload.byteLength) this.#cutValues += 1;
  }

  #keepProperties(entry: Entry, properties: Uint8Array): void {
    if (properties.byteLength === 0 && entry.keptProperties === null) {
      entry.lacksProperties = false;
      return;
    }
    const kept = entry.keptProperties ?? this.#newKeptProperties(entry);
    const room = this.#room() + (kept?.size ?? 0);
    const fits = kept !== null && properties.byteLength <= Math.min(this.#budget.valueBytes, room);
    if (kept) this.#keep(kept, fits ? properties : nothing, properties.byteLength);
    entry.properties = kept?.bytes ?? nothing;
    entry.lacksProperties = !fits;
    if (!fits) this.#leftOutProperties += 1;
  }

  #newKeptProperties(entry: Entry): KeptBytes | null {
    if (this.#room() < propertiesOverheadBytes) return null;
    this.#keptBytes += propertiesOverheadBytes;
    entry.keptProperties = new KeptBytes();
    return entry.keptProperties;
  }

  #keep(kept: KeptBytes, value: Uint8Array, most: number): void {
    const before = kept.size;
    kept.keep(value, most, this.#room());
    this.#keptBytes += kept.size - before;
  }

  #room(): number {
    return this.#budget.bytes - this.#keptBytes;
  }
}
