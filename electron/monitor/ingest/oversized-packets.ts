// Takes messages that are too large out of what a broker sends, before anything is kept of them: the client would collect
// up to 256 MB (MQTT 5, section 2.1.4) before it told of one. Subscriptions are of QoS 0, so nobody waits for an answer.

const publish = 3;
const nothing = Buffer.alloc(0);

export class OversizedPackets {
  readonly #maxBytes: number;
  /** The beginning of a packet whose length is not known yet: 4 bytes at most. */
  #header: Buffer = nothing;
  /** Of the packet that began in an earlier chunk. */
  #remaining = 0;
  #isSkipping = false;
  #isLost = false;
  #skipped = 0;

  /** `maxBytes` is the most of a PUBLISH packet after its fixed header. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Messages that were left out. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The chunk in the pieces that remain of it; mostly one, the chunk itself. */
  pass(chunk: Buffer): readonly Buffer[] {
    if (this.#isLost) return [chunk];
    const bytes = this.#header.byteLength === 0 ? chunk : Buffer.concat([this.#header, chunk]);
    this.#header = nothing;
    const pieces: Buffer[] = [];
    let from = 0;
    let at = 0;
    const keepUntil = (end: number) => {
      if (end > from) pieces.push(from === 0 && end === bytes.byteLength ? bytes : bytes.subarray(from, end));
    };
    while (at < bytes.byteLength) {
      if (this.#remaining > 0) {
        const step = Math.min(this.#remaining, bytes.byteLength - at);
        this.#remaining -= step;
        at += step;
        if (this.#isSkipping) from = at;
        continue;
      }
      this.#isSkipping = false;
      const length = remainingLength(bytes, at);
      if (length === 'malformed') {
        // The client ends the session over it.
        this.#isLost = true;
        break;
      }
      if (length === 'incomplete') {
        keepUntil(at);
        this.#header = Buffer.from(bytes.subarray(at));
        return pieces;
      }
      this.#remaining = length.value;
      if (length.value > this.#maxBytes && (bytes[at] ?? 0) >> 4 === publish) {
        keepUntil(at);
        this.#isSkipping = true;
        this.#skipped += 1;
        from = at + length.headerBytes;
      }
      at += length.headerBytes;
    }
    keepUntil(bytes.byteLength);
    return pieces;
  }
}

/** The length that follows a packet's first byte, in one to four bytes (MQTT 5, sections 1.5.5 and 2.1.4). */
function remainingLength(
  bytes: Buffer,
  at: number,
): { readonly value: number; readonly headerBytes: number } | 'incomplete' | 'malformed' {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + 1 + i];
    if (byte === undefined) return 'incomplete';
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, headerBytes: 2 + i };
  }
  return 'malformed';
}
