// The newest payload of each topic that could not be read when it came, to be read later. It is copied, since the client
// reuses what it hands out, and since whoever listens for alerts alone keeps no values. Bounded in bytes and topics.

import type { ValueRule } from './rule-matcher.ts';

const maxBytes = 4 * 1024 * 1024;
const maxTopics = 5000;

export type LatePayload = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly rules: readonly ValueRule[];
};

type Late = { storage: Uint8Array; length: number; readonly rules: readonly ValueRule[] };

export class LatePayloads {
  readonly #maxBytes: number;
  readonly #late = new Map<string, Late>();
  #bytes = 0;

  constructor(bytes = maxBytes) {
    this.#maxBytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** In the place of an older one of its topic; without room for it, neither is kept. */
  put(topic: string, payload: Uint8Array, rules: readonly ValueRule[]): void {
    const known = this.#late.get(topic);
    if (known && known.storage.byteLength >= payload.byteLength) {
      known.storage.set(payload);
      known.length = payload.byteLength;
      return;
    }
    this.delete(topic);
    const bytes = bytesOf(topic, payload);
    if (this.#late.size >= maxTopics || this.#bytes + bytes > this.#maxBytes) return;
    this.#late.set(topic, { storage: Uint8Array.from(payload), length: payload.byteLength, rules });
    this.#bytes += bytes;
  }

  delete(topic: string): void {
    const late = this.#late.get(topic);
    if (!late) return;
    this.#late.delete(topic);
    this.#bytes -= bytesOf(topic, late.storage);
  }

  /** Takes out, one a step, what is there now; of what is replaced meanwhile, the newest. */
  *take(): Generator<LatePayload, void, undefined> {
    for (const topic of [...this.#late.keys()]) {
      const late = this.#late.get(topic);
      this.delete(topic);
      if (late) yield { topic, payload: late.storage.subarray(0, late.length), rules: late.rules };
    }
  }
}

const bytesOf = (topic: string, { byteLength }: Uint8Array): number => topic.length * 2 + byteLength + 200;
