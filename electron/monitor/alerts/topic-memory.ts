// What is remembered of topics, bounded in bytes: topics are made up by strangers, in any number, and each may be 64 KiB
// long. What has no room for one more begins anew with nothing: whatever it holds can be found out again.

/** What V8 takes for an entry beside its name, about. */
const entryBytes = 150;
const maxBytes = 4 * 1024 * 1024;

export class TopicMemory<Value> {
  readonly #maxBytes: number;
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
    return this.#values.has(topic);
  }

  get(topic: string): Value | undefined {
    return this.#values.get(topic);
  }

  set(topic: string, value: Value): void {
    if (!this.#values.has(topic)) {
      // A string takes two bytes a character at most.
      const bytes = topic.length * 2 + entryBytes;
      if (bytes > this.#maxBytes) return;
      if (this.#bytes + bytes > this.#maxBytes) this.#clear();
      this.#bytes += bytes;
    }
    this.#values.set(topic, value);
  }

  #clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }
}
