// What is remembered of topics, bounded in bytes: topics are made up by strangers, in any number, and each may be 64 KiB
// long. What has no room for one more begins anew with nothing: whatever it holds can be found out again.

import { topicKey } from '../topic-key.ts';

/** What V8 takes for an entry beside its name, about. */
const entryBytes = 150;
const maxBytes = 4 * 1024 * 1024;

export class TopicMemory<Value> {
  readonly #maxBytes: number;
  /** By `topicKey`. */
  readonly #values = new Map<string, Value>();
  #bytes = 0;

  constructor(bytes = maxBytes) {
    this.#maxBytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#values.size;
  }

  has(topic: string): boolean {
    return this.#values.has(topicKey(topic));
  }

  get(topic: string): Value | undefined {
    return this.#values.get(topicKey(topic));
  }

  set(topic: string, value: Value): void {
    const key = topicKey(topic);
    if (!this.#values.has(key)) {
      // A string takes two bytes a character at most.
      const bytes = key.length * 2 + entryBytes;
      if (this.#bytes + bytes > this.#maxBytes) this.#clear();
      this.#bytes += bytes;
    }
    this.#values.set(key, value);
  }

  #clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }
}
