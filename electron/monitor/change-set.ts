/**
 * What one listener has not been told yet, oldest change first.
 * It holds references, so a slow listener costs no more than one entry a topic: a value that changes again
 * while it waits is told once, and the overwritten one is counted.
 */
export class ChangeSet<Value> {
  readonly #pending = new Set<Value>();
  #coalesced = 0;
  #touched = true;
  #wake: () => void = () => {};

  constructor(initial: Iterable<Value>) {
    for (const value of initial) this.#pending.add(value);
  }

  /** Values overwritten before this listener was told of them. */
  get coalesced(): number {
    return this.#coalesced;
  }

  mark(value: Value): void {
    const before = this.#pending.size;
    this.#pending.add(value);
    if (this.#pending.size === before) this.#coalesced += 1;
    this.touch();
  }

  /** Something besides a value changed, such as a count or the connection. */
  touch(): void {
    this.#touched = true;
    this.#wake();
  }

  /** Removes and returns up to `limit` values. */
  take(limit: number): Value[] {
    const taken: Value[] = [];
    for (const value of this.#pending) {
      if (taken.length === limit) break;
      this.#pending.delete(value);
      taken.push(value);
    }
    this.#touched = this.#pending.size > 0;
    return taken;
  }

  /** Resolves at once when there is something to tell, else at the next change. */
  async changed(): Promise<void> {
    if (this.#touched) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => {};
  }
}
