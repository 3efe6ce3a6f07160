// A recording is NDJSON in gzip: any tool can read it.
// - Every batch is a gzip member of its own (RFC 1952, section 2.2), so that the file is whole after each of them: a
//   console that dies loses no more than the batch that it was writing.
// - What could not be written whole, because the disk is full, is taken back; the file ends with the batch before it.
// - The cap counts the bytes before compression: it is known at once, and bounds what a reader meets.

import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { privateFileMode } from '../../platform/files.ts';

const compress = promisify(gzip);

/** Writes one new file, mode 0600. One call at a time. */
export class RecordingWriter {
  readonly #file: FileHandle;
  readonly #maxBytes: number;
  #textBytes = 0;
  #fileBytes = 0;

  private constructor(file: FileHandle, maxBytes: number) {
    this.#file = file;
    this.#maxBytes = maxBytes;
  }

  /** `path` must not exist yet; `maxBytes` is the size before compression. Throws what the file system says. */
  static async create(path: string, maxBytes: number): Promise<RecordingWriter> {
    return new RecordingWriter(await open(path, 'wx', privateFileMode), maxBytes);
  }

  /** Of the file as it is. */
  get fileBytes(): number {
    return this.#fileBytes;
  }

  /** Whether `bytes` of lines more are within the cap. */
  hasRoomFor(bytes: number): boolean {
    return this.#textBytes + bytes <= this.#maxBytes;
  }

  /** Appends whole lines as one batch. Throws what the file system says; the file is then as it was before. */
  async append(lines: string): Promise<void> {
    const member = await compress(lines);
    try {
      await this.#file.writeFile(member);
    } catch (error) {
      await this.#file.truncate(this.#fileBytes);
      throw error;
    }
    this.#fileBytes += member.byteLength;
    this.#textBytes += Buffer.byteLength(lines);
  }

  /** Settles when all of it is on the disk. */
  async close(): Promise<void> {
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }
}
