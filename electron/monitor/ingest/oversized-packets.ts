// Takes messages that are too large out of what a broker sends, before anything is kept of them. Subscriptions are of
// QoS 0, so nobody waits for an answer. What is no message and yet as large is no answer that anybody could want: who
// waits for one gives up in time.
// - The client would collect up to 256 MB (MQTT 5, section 2.1.4) before it told of one.
// - It reads properties one by one, at once: 16 MiB of small ones would hold everybody up for ten seconds.

const publish = 3;
/** Of a packet that is no message: a few codes, and what a broker has to say of them. */
const answerBytes = 256 * 1024;
const nothing = Buffer.alloc(0);

export type PacketLimits = {
  /** The most of a PUBLISH packet after its fixed header. */
  readonly packetBytes: number;
  /** The most of its properties; null in MQTT 3.1.1, which has none. */
  readonly propertyBytes: number | null;
};

export class OversizedPackets {
  readonly #limits: PacketLimits;
  /** The beginning of a packet of which it is not known yet how large it is: some bytes more than a topic at most. */
  #header: Buffer = nothing;
  /** Of the packet that began in an earlier chunk. */
  #remaining = 0;
  #isSkipping = false;
  #isLost = false;
  #skipped = 0;

  constructor(limits: PacketLimits) {
    this.#limits = limits;
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
      const isOversized = length !== 'incomplete' && this.#isOversized(bytes, at, length);
      if (length === 'incomplete' || isOversized === 'incomplete') {
        keepUntil(at);
        this.#header = Buffer.from(bytes.subarray(at));
        return pieces;
      }
      this.#remaining = length.value;
      if (isOversized) {
        keepUntil(at);
        this.#isSkipping = true;
        if ((bytes[at] ?? 0) >> 4 === publish) this.#skipped += 1;
        from = at + length.headerBytes;
      }
      at += length.headerBytes;
    }
    keepUntil(bytes.byteLength);
    return pieces;
  }

  #isOversized(bytes: Buffer, at: number, { value, headerBytes }: Length): boolean | 'incomplete' {
    const { packetBytes, propertyBytes } = this.#limits;
    const first = bytes[at] ?? 0;
    if (first >> 4 !== publish) return value > answerBytes;
    if (value > packetBytes) return true;
    if (propertyBytes === null || value <= propertyBytes) return false;
    const topicAt = at + headerBytes;
    if (bytes.byteLength < topicAt + 2) return 'incomplete';
    const isAnswered = (first & 0b110) !== 0;
    const propertiesAt = topicAt + 2 + bytes.readUInt16BE(topicAt) + (isAnswered ? 2 : 0);
    const properties = variableInteger(bytes, propertiesAt);
    if (properties === 'incomplete') return 'incomplete';
    return properties !== 'malformed' && properties.value > propertyBytes;
  }
}

type Length = {
  readonly value: number;
  /** Of the packet's first byte and its length. */
  readonly headerBytes: number;
};

/** The length that follows a packet's first byte (MQTT 5, section 2.1.4). */
function remainingLength(bytes: Buffer, at: number): Length | 'incomplete' | 'malformed' {
  const length = variableInteger(bytes, at + 1);
  return typeof length === 'string' ? length : { value: length.value, headerBytes: 1 + length.bytes };
}

/** In one to four bytes (MQTT 5, section 1.5.5). */
function variableInteger(
  bytes: Buffer,
  at: number,
): { readonly value: number; readonly bytes: number } | 'incomplete' | 'malformed' {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return 'incomplete';
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, bytes: i + 1 };
  }
  return 'malformed';
}
