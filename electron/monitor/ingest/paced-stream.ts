// The bytes of a broker at the pace at which the console can take them. A socket that is always full is read many times
// in one turn of the event loop, with all its messages handled, and nobody else has a turn meanwhile. So when a slice is
// over, reading pauses until the others had theirs; what then waits does so in the system's buffers and at the broker,
// which slows down, and counts what it drops.

import { Duplex } from 'node:stream';
import { OversizedPackets, type PacketLimits } from './oversized-packets.ts';

export type IngestCounts = {
  /** Messages left out because they, or their properties, were too large. */
  readonly oversized: number;
  /** How often the broker was made to wait. */
  readonly pauses: number;
};

/** In milliseconds; together with the last chunk's messages well below what a person would notice. */
const sliceMs = 10;

export class PacedStream extends Duplex {
  readonly #socket: Duplex;
  readonly #oversized: OversizedPackets;
  #sliceEnds: number | undefined;
  #isWaiting = false;
  #wantsMore = false;
  #pauses = 0;

  /** Takes the socket over: it ends and is destroyed with this stream, and this stream with it. */
  constructor(socket: Duplex, limits: PacketLimits) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#oversized = new OversizedPackets(limits);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.once('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
    socket.pause();
  }

  counts(): IngestCounts {
    return { oversized: this.#oversized.skipped, pauses: this.#pauses };
  }

  override _read(): void {
    this.#wantsMore = true;
    if (!this.#isWaiting) this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  /** A packet is written in pieces; it leaves as one. */
  override _writev(pieces: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer): void {
    this.#sliceEnds ??= this.#beginSlice();
    for (const piece of this.#oversized.pass(chunk)) this.#wantsMore = this.push(piece);
    const isOver = performance.now() >= this.#sliceEnds;
    if (isOver) this.#waitATurn();
    if (isOver || !this.#wantsMore) this.#socket.pause();
  }

  #beginSlice(): number {
    setImmediate(() => {
      this.#sliceEnds = undefined;
    });
    return performance.now() + sliceMs;
  }

  #waitATurn(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#pauses += 1;
    // One turn for what is due, one for what came in meanwhile.
    setImmediate(() =>
      setImmediate(() => {
        this.#isWaiting = false;
        if (this.#wantsMore && !this.destroyed) this.#socket.resume();
      }),
    );
  }
}
