// The last messages of all topics, within one budget of bytes: the oldest message of all makes room for the newest.
// - Messages lie one behind the other in one buffer that is written round and round. Each points to the one before it of
//   its own topic, so that a message costs no object, and a topic no list: at broker speed both would feed the garbage
//   collector.
// - A position counts bytes since the beginning and never goes back; what lies below `#tail` is overwritten. Positions
//   are the messages' ids.
// - The buffer is zeroed memory that the system gives page by page, as it is written.

import type { MessageHistoryCounts } from '../../shared/model/monitor.ts';
import { encodeProperties } from './message-properties.ts';
import { topicKey } from './topic-key.ts';
import type { IncomingMessage } from './topic-store.ts';

export type PastMessage = {
  readonly messageId: number;
  /** Unix time in milliseconds. */
  readonly receivedAt: number;
  /** What was kept of the payload. Memory of the history: it is overwritten, so use it at once. */
  readonly payload: Uint8Array;
  /** The payload's true size. */
  readonly payloadBytes: number;
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
  /** As `decodeProperties` reads them; memory of the history too. */
  readonly properties: Uint8Array;
  /** Whether it had properties that were too large to be kept. */
  readonly lacksProperties: boolean;
};

// A record: its size, that of the kept payload and of the properties, the payload's true size (each uint32), flags
// (uint32), the time and the previous position of the topic (each float64); then payload and properties, padded to 8.
const headerBytes = 40;
const at = { size: 0, kept: 4, properties: 8, payload: 12, flags: 16, time: 24, previous: 32 } as const;
const retainedFlag = 4;
const lacksPropertiesFlag = 8;
/** In the place of a record's size: the rest of the buffer is left out, for a record is never split. */
const restIsEmpty = 0;

const noPrevious = -1;
const nothing = new Uint8Array(0);
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export class MessageHistory {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #payloadBytes: number;
  /** By `topicKey`, where the newest message of a topic lies; it may be overwritten by now. */
  readonly #newest = new Map<string, number>();
  #tail = 0;
  #head = 0;
  #kept = 0;
  #evicted = 0;
  #cut = 0;

  /** `payloadBytes` is the most that is kept of one payload. A history of less than 64 KiB keeps nothing. */
  constructor(budgetBytes: number, payloadBytes: number) {
    const capacity = budgetBytes < 65_536 ? 0 : Math.floor(budgetBytes / 8) * 8;
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
    // No message may push all others out.
    this.#payloadBytes = Math.min(payloadBytes, Math.floor(capacity / 4));
  }

  /**
   * The topic must be one that the monitor keeps: names are bounded there. `properties` are those of the message,
   * encoded.
   */
  add(message: IncomingMessage, properties = encodeProperties(message.properties)): void {
    if (this.#bytes.byteLength === 0) return;
    const { receivedAt, payload, qos, retained } = message;
    const key = topicKey(message.topic);
    const kept = Math.min(payload.byteLength, this.#payloadBytes);
    const stored = properties.byteLength <= this.#payloadBytes ? properties : nothing;
    const lacksProperties = stored !== properties;
    if (kept < payload.byteLength || lacksProperties) this.#cut += 1;
    const size = padded(headerBytes + kept + stored.byteLength);
    const position = this.#reserve(size);
    const offset = position % this.#bytes.byteLength;
    const view = this.#view;
    view.setUint32(offset + at.size, size);
    view.setUint32(offset + at.kept, kept);
    view.setUint32(offset + at.properties, stored.byteLength);
    view.setUint32(offset + at.payload, payload.byteLength);
    view.setUint32(
      offset + at.flags,
      qos | (retained ? retainedFlag : 0) | (lacksProperties ? lacksPropertiesFlag : 0),
    );
    view.setFloat64(offset + at.time, receivedAt);
    view.setFloat64(offset + at.previous, this.#newest.get(key) ?? noPrevious);
    this.#bytes.set(kept === payload.byteLength ? payload : payload.subarray(0, kept), offset + headerBytes);
    if (stored.byteLength > 0) this.#bytes.set(stored, offset + headerBytes + kept);
    this.#newest.set(key, position);
    this.#head = position + size;
    this.#kept += 1;
  }

  /**
   * The messages of a topic, newest first, beginning below `before`. Between two of them messages may arrive: it ends
   * where the older ones were overwritten meanwhile.
   */
  *of(topic: string, before = Number.POSITIVE_INFINITY): Generator<PastMessage, void, undefined> {
    let position = this.#newest.get(topicKey(topic)) ?? noPrevious;
    while (position >= this.#tail && position !== noPrevious) {
      const previous = this.#view.getFloat64((position % this.#bytes.byteLength) + at.previous);
      if (position < before) yield this.#read(position);
      position = previous;
    }
  }

  counts(): MessageHistoryCounts {
    return { kept: this.#kept, evicted: this.#evicted, cut: this.#cut };
  }

  #read(position: number): PastMessage {
    const offset = position % this.#bytes.byteLength;
    const kept = this.#view.getUint32(offset + at.kept);
    const told = this.#view.getUint32(offset + at.properties);
    const flags = this.#view.getUint32(offset + at.flags);
    const propertiesFrom = offset + headerBytes + kept;
    return {
      messageId: position,
      receivedAt: this.#view.getFloat64(offset + at.time),
      payload: this.#bytes.subarray(offset + headerBytes, propertiesFrom),
      payloadBytes: this.#view.getUint32(offset + at.payload),
      qos: qosOf(flags),
      retained: (flags & retainedFlag) !== 0,
      properties: this.#bytes.subarray(propertiesFrom, propertiesFrom + told),
      lacksProperties: (flags & lacksPropertiesFlag) !== 0,
    };
  }

  /** Where a record of this size goes, in one piece; what lay there is let go. */
  #reserve(size: number): number {
    const capacity = this.#bytes.byteLength;
    const untilEnd = capacity - (this.#head % capacity);
    let position = this.#head;
    if (size > untilEnd) {
      this.#letGoBelow(this.#head + untilEnd - capacity);
      this.#view.setUint32(this.#head % capacity, restIsEmpty);
      position += untilEnd;
    }
    this.#letGoBelow(position + size - capacity);
    if (this.#kept === 0) this.#tail = position;
    return position;
  }

  #letGoBelow(position: number): void {
    const capacity = this.#bytes.byteLength;
    while (this.#tail < position && this.#kept > 0) {
      const offset = this.#tail % capacity;
      const size = this.#view.getUint32(offset + at.size);
      if (size === restIsEmpty) {
        this.#tail += capacity - offset;
        continue;
      }
      this.#tail += size;
      this.#kept -= 1;
      this.#evicted += 1;
    }
  }
}

const qosOf = (flags: number): 0 | 1 | 2 => {
  const qos = flags & 3;
  return qos === 1 || qos === 2 ? qos : 0;
};
