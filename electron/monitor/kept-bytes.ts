// One buffer that the next values of one thing are copied into: keeping the client's own slice would keep the whole
// network chunk behind it, and a new buffer a message would feed the garbage collector at broker speed.

const nothing = new Uint8Array(0);
/** Values of one thing vary by a few bytes; room up to the next 64 lets them without a new buffer. */
const roundedUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export class KeptBytes {
  #storage: Uint8Array = nothing;
  /** The last value, as far as it found room. It is overwritten in place. */
  bytes: Uint8Array = nothing;

  /** What it takes. */
  get size(): number {
    return this.#storage.byteLength;
  }

  /** Keeps the first `most` bytes of `value`, or what there is room for: `size` grows by `room` at most. */
  keep(value: Uint8Array, most: number, room: number): void {
    const wanted = Math.min(value.byteLength, most);
    const tooSmall = this.#storage.byteLength < wanted;
    const wasteful = this.#storage.byteLength > 1024 && this.#storage.byteLength > 4 * wanted;
    if (tooSmall || wasteful) this.#resize(Math.min(roundedUp(wanted), this.#storage.byteLength + room));
    const kept = Math.min(wanted, this.#storage.byteLength);
    this.#storage.set(kept === value.byteLength ? value : value.subarray(0, kept));
    if (this.bytes.byteLength !== kept || this.bytes.buffer !== this.#storage.buffer) {
      this.bytes = this.#storage.subarray(0, kept);
    }
  }

  #resize(size: number): void {
    if (size !== this.#storage.byteLength) this.#storage = size === 0 ? nothing : new Uint8Array(size);
  }
}
