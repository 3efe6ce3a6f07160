// Lines that wait for the disk, as bytes outside of the garbage collector's care: tens of megabytes of text in its heap
// would make it look for work at broker speed.

/** Lines are written together up to this size. */
const batchBytes = 1024 * 1024;

type Batch = { readonly memory: Buffer; bytes: number; messages: number };

export type LineBatch = { readonly lines: Uint8Array; readonly messages: number };

export class LineQueue {
  readonly #batches: Batch[] = [];
  #spare: Buffer | undefined;
  #bytes = 0;

  /** Of all lines that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `line` is ASCII. */
  add(line: string, messages: 0 | 1): void {
    let last = this.#batches.at(-1);
    if (last === undefined || last.bytes + line.length > last.memory.byteLength) {
      last = { memory: this.#memoryFor(line.length), bytes: 0, messages: 0 };
      this.#batches.push(last);
    }
    last.memory.write(line, last.bytes, 'latin1');
    last.bytes += line.length;
    last.messages += messages;
    this.#bytes += line.length;
  }

  /** The first lines, no more than a batch; they are `done` when they need not wait any more. */
  take(): (LineBatch & { readonly done: () => void }) | undefined {
    const first = this.#batches.shift();
    if (!first) return undefined;
    const { memory, bytes, messages } = first;
    return {
      lines: memory.subarray(0, bytes),
      messages,
      done: () => {
        this.#bytes -= bytes;
        if (memory.byteLength === batchBytes) this.#spare = memory;
      },
    };
  }

  #memoryFor(bytes: number): Buffer {
    const spare = this.#spare;
    if (bytes > batchBytes) return Buffer.allocUnsafeSlow(bytes);
    this.#spare = undefined;
    return spare ?? Buffer.allocUnsafeSlow(batchBytes);
  }
}
