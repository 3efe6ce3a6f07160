// Records what a monitor hears. Hearing must not wait for the disk: a message is written into a queue as the line that it
// will be, so that the queue's bytes are counted exactly, and the queue is written in batches. What the queue cannot take
// is counted as dropped. The recording ends by itself at its cap and on a full disk.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingEnding, RecordingLosses } from '../../../shared/model/recording.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IncomingMessage } from '../topic-store.ts';
import { LineQueue } from './line-queue.ts';
import { LossMeter, type MonitorLosses } from './loss-meter.ts';
import { maxRecordedLineBytes, maxRecordedPayloadBytes, recordedLine, recordedLossLine } from './recorded-message.ts';
import { RecordingWriter } from './recording-writer.ts';

export type RecorderOptions = {
  readonly path: string;
  readonly clock: Clock;
  /** Before compression. */
  readonly maxBytes: number;
  /** Lines that wait for the disk, at most. */
  readonly queueBytes?: number;
  readonly intervalMs?: number;
};

export type RecorderCounts = RecordingLosses & { readonly messages: number; readonly bytes: number };

export type RecorderEnd = RecorderCounts & { readonly ending: RecordingEnding };

const defaultQueueBytes = 32 * 1024 * 1024;

export class Recorder {
  readonly #writer: RecordingWriter;
  readonly #maxBytes: number;
  readonly #queueBytes: number;
  readonly #intervalMs: number;
  readonly #stopping = new AbortController();
  readonly #queue = new LineQueue();
  readonly #losses: LossMeter;
  /** Of all lines so far. */
  #textBytes = 0;
  #messages = 0;
  #ending: RecordingEnding | undefined;
  /** Resolves once the file is closed; never rejects. */
  readonly ended: Promise<RecorderEnd>;

  private constructor(writer: RecordingWriter, options: RecorderOptions) {
    const { clock, maxBytes, queueBytes = defaultQueueBytes, intervalMs = 250 } = options;
    this.#writer = writer;
    this.#maxBytes = maxBytes;
    this.#queueBytes = queueBytes;
    this.#intervalMs = intervalMs;
    this.#losses = new LossMeter(() => clock.now().getTime());
    this.ended = this.#run();
  }

  /** `path` must not exist yet. Throws what the file system says. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    return new Recorder(await RecordingWriter.create(options.path), options);
  }

  /** Quick. The payload is copied. After the end it does nothing. */
  take(message: IncomingMessage): void {
    if (this.#ending !== undefined) return;
    const refusal = this.#refusalOf(message);
    if (refusal !== undefined) this.#losses.note(refusal, 1, message.receivedAt);
  }

  /** Whose losses count too from now on; see `LossMeter.follow`. */
  follow(monitor: () => MonitorLosses, isNew: boolean): void {
    this.#losses.follow(monitor, isNew);
  }

  /** Whether there is a connection to the broker. While there is none, everything is missing. */
  setConnected(isConnected: boolean): void {
    if (this.#ending === undefined) this.#losses.setConnected(isConnected);
  }

  /** Written so far, missing so far, and the size of the file. */
  counts(): RecorderCounts {
    return { ...this.#losses.counts(), messages: this.#messages, bytes: this.#writer.fileBytes };
  }

  /** Writes what still waits, and ends. Another end that came first stays the end. */
  stop(ending: Extract<RecordingEnding, 'stopped' | 'locked' | 'replaced'>): Promise<RecorderEnd> {
    this.#end(ending);
    return this.ended;
  }

  /** Takes the message, or answers why not. */
  #refusalOf(message: IncomingMessage): 'oversized' | 'dropped' | undefined {
    const { byteLength } = message.payload;
    if (byteLength > maxRecordedPayloadBytes) return 'oversized';
    // No line is made for nothing while the disk is too slow.
    if (this.#queue.bytes + byteLength > this.#queueBytes) return 'dropped';
    const line = recordedLine(message);
    if (line.length > maxRecordedLineBytes) return 'oversized';
    if (this.#queue.bytes + line.length > this.#queueBytes) return 'dropped';
    if (this.#textBytes + line.length > this.#maxBytes) {
      this.#end('full');
      return undefined;
    }
    this.#textBytes += line.length;
    this.#queue.add(line, 1);
    return undefined;
  }

  #end(ending: RecordingEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    // Told now: what the monitor loses while the file is closed is not this recording's.
    this.#noteLosses(true);
    this.#losses.follow(() => ({ oversized: 0, droppedByBroker: null }), true);
    this.#stopping.abort();
  }

  async #run(): Promise<RecorderEnd> {
    try {
      while (this.#ending === undefined) {
        await sleep(this.#intervalMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
        if (this.#ending === undefined) this.#noteLosses(false);
        await this.#writeQueue();
      }
      await this.#writeQueue();
    } catch (error) {
      const ending = isDiskFull(error) ? 'disk-full' : 'failed';
      this.#end(ending);
      this.#ending = ending;
      this.#dropQueue();
    }
    await this.#writer.close().catch(() => {
      this.#ending = 'failed';
    });
    return { ...this.counts(), ending: this.#ending ?? 'failed' };
  }

  #noteLosses(isEnd: boolean): void {
    for (const loss of this.#losses.take(isEnd)) {
      const line = recordedLossLine(loss);
      if (this.#textBytes + line.length > this.#maxBytes) continue;
      this.#textBytes += line.length;
      this.#queue.add(line, 0);
    }
  }

  async #writeQueue(): Promise<void> {
    for (let batch = this.#queue.take(); batch; batch = this.#queue.take()) {
      const { lines, messages, done } = batch;
      try {
        await this.#writer.append(lines);
      } catch (error) {
        this.#losses.note('dropped', messages);
        throw error;
      }
      this.#messages += messages;
      done();
    }
  }

  #dropQueue(): void {
    for (let batch = this.#queue.take(); batch; batch = this.#queue.take()) {
      this.#losses.note('dropped', batch.messages);
      batch.done();
    }
  }
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
