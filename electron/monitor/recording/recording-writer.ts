// A recording is NDJSON in gzip: any tool can read it.
// - It is flushed after every batch, so that a console that dies leaves all but the last one readable.
// - The cap counts the bytes before compression: it is known at once, and bounds what a reader meets.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip, constants as zlib } from 'node:zlib';
import type { RecordedMessage } from './recorded-message.ts';

export type RecordingCounts = { readonly messages: number; readonly bytes: number; readonly dropped: number };

/** Writes one new file, mode 0600. */
export class RecordingWriter {
  readonly #gzip = createGzip();
  readonly #written: Promise<void>;
  readonly #maxBytes: number;
  #messages = 0;
  #bytes = 0;
  #dropped = 0;

  /** `path` must not exist yet; `maxBytes` is the size before compression. */
  constructor(path: string, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#written = pipeline(this.#gzip, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    // Told by append() and close(); without this a failure between them would end the process.
    this.#written.catch(() => undefined);
  }

  /** Messages beyond the cap are counted as dropped; from the first of them on, none is written any more. */
  get counts(): RecordingCounts {
    return { messages: this.#messages, bytes: this.#bytes, dropped: this.#dropped };
  }

  /** Writes one batch and flushes it. Wait for it before the next one. Throws what the file system says. */
  async append(batch: readonly RecordedMessage[]): Promise<void> {
    let lines = '';
    for (const message of batch) {
      const line = `${JSON.stringify(message)}\n`;
      const bytes = Buffer.byteLength(line);
      if (this.#dropped > 0 || this.#bytes + bytes > this.#maxBytes) {
        this.#dropped++;
        continue;
      }
      this.#messages++;
      this.#bytes += bytes;
      lines += line;
    }
    if (lines === '') return;
    if (!this.#gzip.write(lines)) await Promise.race([once(this.#gzip, 'drain'), this.#written]);
    await Promise.race([new Promise<void>((done) => this.#gzip.flush(zlib.Z_SYNC_FLUSH, done)), this.#written]);
  }

  /** Ends the file; settles when all is written. Throws what the file system says. */
  async close(): Promise<void> {
    this.#gzip.end();
    await this.#written;
  }
}
