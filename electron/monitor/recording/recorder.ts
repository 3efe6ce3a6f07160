// Records what a monitor hears. Hearing must not wait for the disk: a message is copied into a queue, and written in
// batches. What the queue cannot take is counted as dropped. The recording ends by itself at its cap and on a full disk.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingEnding } from '../../../shared/model/recording.ts';
import { endOfSlice } from '../../platform/slices.ts';
import type { IncomingMessage } from '../topic-store.ts';
import { maxRecordedPayloadBytes, type RecordedMessage } from './recorded-message.ts';
import { RecordingWriter } from './recording-writer.ts';

export type RecorderOptions = {
  readonly path: string;
  /** Before compression. */
  readonly maxBytes: number;
  /** Payloads that wait for the disk, at most. */
  readonly queueBytes?: number;
  readonly intervalMs?: number;
};

export type RecorderCounts = { readonly messages: number; readonly dropped: number; readonly bytes: number };

export type RecorderEnd = RecorderCounts & { readonly ending: RecordingEnding };

const defaultQueueBytes = 32 * 1024 * 1024;
/** What a message takes in the queue besides its payload. */
const messageBytes = 400;
const batchBytes = 1024 * 1024;

export class Recorder {
  readonly #writer: RecordingWriter;
  readonly #queueBytes: number;
  readonly #intervalMs: number;
  readonly #stopping = new AbortController();
  #queue: IncomingMessage[] = [];
  #queued = 0;
  #messages = 0;
  #dropped = 0;
  #ending: RecordingEnding | undefined;
  /** Resolves once the file is closed; never rejects. */
  readonly ended: Promise<RecorderEnd>;

  private constructor(writer: RecordingWriter, { queueBytes = defaultQueueBytes, intervalMs = 250 }: RecorderOptions) {
    this.#writer = writer;
    this.#queueBytes = queueBytes;
    this.#intervalMs = intervalMs;
    this.ended = this.#run();
  }

  /** `path` must not exist yet. Throws what the file system says. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    return new Recorder(await RecordingWriter.create(options.path, options.maxBytes), options);
  }

  /** Quick. The payload is copied. After the end it does nothing. */
  take(message: IncomingMessage): void {
    if (this.#ending !== undefined) return;
    const bytes = message.payload.byteLength + messageBytes;
    if (message.payload.byteLength > maxRecordedPayloadBytes || this.#queued + bytes > this.#queueBytes) {
      this.#dropped += 1;
      return;
    }
    this.#queued += bytes;
    this.#queue.push({ ...message, payload: Uint8Array.from(message.payload) });
  }

  /** Written so far, dropped so far, and the size of the file. */
  counts(): RecorderCounts {
    return { messages: this.#messages, dropped: this.#dropped, bytes: this.#writer.fileBytes };
  }

  /** Writes what still waits, and ends. Another end that came first stays the end. */
  stop(ending: Extract<RecordingEnding, 'stopped' | 'locked'>): Promise<RecorderEnd> {
    this.#ending ??= ending;
    this.#stopping.abort();
    return this.ended;
  }

  async #run(): Promise<RecorderEnd> {
    try {
      while (this.#ending === undefined) {
        await sleep(this.#intervalMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
        await this.#writeQueue();
      }
    } catch (error) {
      this.#ending = isDiskFull(error) ? 'disk-full' : 'failed';
    }
    this.#dropped += this.#queue.length;
    this.#queue = [];
    await this.#writer.close().catch(() => {
      this.#ending = 'failed';
    });
    return { ...this.counts(), ending: this.#ending ?? 'failed' };
  }

  async #writeQueue(): Promise<void> {
    const waiting = this.#queue;
    this.#queue = [];
    const turn = endOfSlice();
    let lines = '';
    let count = 0;
    let bytes = 0;
    const write = async () => {
      if (count === 0) return;
      await this.#writer.append(lines);
      this.#messages += count;
      lines = '';
      count = 0;
      bytes = 0;
    };
    for (const [index, message] of waiting.entries()) {
      const line = `${JSON.stringify(toRecorded(message))}\n`;
      const length = Buffer.byteLength(line);
      if (!this.#writer.hasRoomFor(bytes + length)) {
        this.#ending = 'full';
        this.#dropped += waiting.length - index;
        break;
      }
      lines += line;
      count += 1;
      bytes += length;
      if (bytes >= batchBytes) await this.#orDropped(write, waiting.length - index - 1 + count);
      this.#queued -= message.payload.byteLength + messageBytes;
      await turn();
    }
    await this.#orDropped(write, count);
  }

  async #orDropped(write: () => Promise<void>, unwritten: number): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#dropped += unwritten;
      throw error;
    }
  }
}

function toRecorded({ receivedAt, topic, payload, qos, retained, properties }: IncomingMessage): RecordedMessage {
  const payloadBase64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  return { time: receivedAt, topic, payloadBase64, qos, retain: retained, ...(properties && { properties }) };
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
