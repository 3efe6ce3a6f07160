// The last value of every topic, within a budget.
// - Each topic owns one buffer and its next values are copied into it: keeping the client's own slice would keep
//   the whole network chunk behind it, and a new buffer a message would feed the garbage collector at broker speed.
// - A topic that finds no room is not kept, and its messages are counted. A value that finds no room is kept as far
//   as it fits; its `payloadBytes` tells its true size.
// - Nothing here decodes a payload.

import { ChangeSet } from './change-set.ts';

export type StoreBudget = {
  /** Topics kept at most. */
  readonly topics: number;
  /** Bytes of topic names and payloads kept at most. */
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
};

export type StoreCounts = {
  /** Messages whose topic is kept. */
  readonly messages: number;
  readonly topics: number;
  /** Payload bytes of those messages. */
  readonly payloadBytes: number;
  /** Messages whose topic was new and found no room. */
  readonly droppedTopics: number;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Mutable<StoredValue> & { storage: Uint8Array };

const nothing = new Uint8Array(0);
/** A string takes two bytes a character at most. */
const nameBytes = (topic: string): number => topic.length * 2;
/** Values of one topic vary by a few bytes; room up to the next 64 lets them without a new buffer. */
const roundedUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export class TopicStore {
  readonly #budget: StoreBudget;
  readonly #entries = new Map<string, Entry>();
  readonly #changeSets = new Set<ChangeSet<StoredValue>>();
  #messages = 0;
  #payloadBytes = 0;
  #droppedTopics = 0;
  #keptBytes = 0;

  constructor(budget: StoreBudget = defaultBudget) {
    this.#budget = budget;
  }

  take(message: IncomingMessage): void {
    const entry = this.#entries.get(message.topic) ?? this.#newEntry(message.topic);
    if (entry === undefined) {
      this.#droppedTopics += 1;
      this.touch();
      return;
    }
    this.#messages += 1;
    this.#payloadBytes += message.payload.byteLength;
    this.#copy(entry, message.payload);
    entry.payloadBytes = message.payload.byteLength;
    entry.messageCount += 1;
    entry.qos = message.qos;
    entry.retained = message.retained;
    entry.receivedAt = message.receivedAt;
    for (const changes of this.#changeSets) changes.mark(entry);
  }

  get(topic: string): StoredValue | undefined {
    return this.#entries.get(topic);
  }

  counts(): StoreCounts {
    return {
      messages: this.#messages,
      topics: this.#entries.size,
      payloadBytes: this.#payloadBytes,
      droppedTopics: this.#droppedTopics,
    };
  }

  /** The changes for one listener, beginning with every value there is. Give it back with `close`. */
  open(): ChangeSet<StoredValue> {
    const changes = new ChangeSet<StoredValue>(this.#entries.values());
    this.#changeSets.add(changes);
    return changes;
  }

  close(changes: ChangeSet<StoredValue>): void {
    this.#changeSets.delete(changes);
  }

  /** Lets every listener look again although no value changed. */
  touch(): void {
    for (const changes of this.#changeSets) changes.touch();
  }

  #newEntry(topic: string): Entry | undefined {
    const bytes = nameBytes(topic);
    if (this.#entries.size >= this.#budget.topics || this.#keptBytes + bytes > this.#budget.bytes) return undefined;
    const entry: Entry = {
      topic,
      storage: nothing,
      payload: nothing,
      payloadBytes: 0,
      messageCount: 0,
      qos: 0,
      retained: false,
      receivedAt: 0,
    };
    this.#entries.set(topic, entry);
    this.#keptBytes += bytes;
    return entry;
  }

  #copy(entry: Entry, payload: Uint8Array): void {
    const wanted = Math.min(payload.byteLength, this.#budget.valueBytes);
    const tooSmall = entry.storage.byteLength < wanted;
    const wasteful = entry.storage.byteLength > 1024 && entry.storage.byteLength > 4 * wanted;
    if (tooSmall || wasteful) this.#resize(entry, roundedUp(wanted));
    const kept = Math.min(wanted, entry.storage.byteLength);
    entry.storage.set(kept === payload.byteLength ? payload : payload.subarray(0, kept));
    if (entry.payload.byteLength !== kept || entry.payload.buffer !== entry.storage.buffer) {
      entry.payload = entry.storage.subarray(0, kept);
    }
  }

  #resize(entry: Entry, wanted: number): void {
    const room = this.#budget.bytes - this.#keptBytes + entry.storage.byteLength;
    const size = Math.min(wanted, room);
    if (size === entry.storage.byteLength) return;
    this.#keptBytes += size - entry.storage.byteLength;
    entry.storage = size === 0 ? nothing : new Uint8Array(size);
  }
}
