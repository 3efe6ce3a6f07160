// Recordings that run, at most one a broker. One ends with its monitor, thus also when the vault is locked; how it ended
// is written down then at the next unlock. A monitor that is begun anew as it was is a gap; one that listens to something
// else, or as somebody else, ends the recording, since its row says what was listened to.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Recording } from '../../shared/model/recording.ts';
import {
  Recorder,
  type RecorderCounts,
  type RecorderEnd,
  type RecorderOptions,
} from '../monitor/recording/recorder.ts';
import type { OperationContext } from '../operations/context.ts';
import { noteCutRecordings, noteEnd, noteStart, recordingPath, requireRecording } from '../operations/recordings.ts';
import type { Clock } from '../platform/clock.ts';
import { makePrivateDirectory } from '../platform/files.ts';
import type { Logger } from '../platform/log.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { LiveMonitors } from './live-monitors.ts';
import { RecordingEar } from './recording-ear.ts';

type Options = {
  readonly folder: string;
  readonly monitors: Pick<LiveMonitors, 'require' | 'tap'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
};

type Running = { readonly brokerId: string; readonly recorder: Recorder; readonly noted: Promise<void> };
type Ended = RecorderEnd & { readonly endedAt: string };

export class LiveRecordings {
  readonly #options: Options;
  readonly #running = new Map<string, Running>();
  /** Ended while the vault was locked. */
  readonly #toNote = new Map<string, Ended>();
  readonly #starting = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws `recording/running`, `monitor/not-connected`, `recording/not-written`, and `vault/locked` when it was locked meanwhile. */
  async start(
    context: OperationContext,
    broker: BrokerRow,
    { maxBytes, note }: { readonly maxBytes: number; readonly note: string },
  ): Promise<Recording> {
    const { brokerId } = broker;
    const { monitors, folder, clock } = this.#options;
    if (this.#starting.has(brokerId) || [...this.#running.values()].some((one) => one.brokerId === brokerId))
      throw new ConsoleError('recording/running', { details: { brokerId } });
    monitors.require(brokerId);
    this.#starting.add(brokerId);
    const recordingId = randomUUID();
    const path = recordingPath(folder, recordingId);
    let recorder: Recorder | undefined;
    let untap = () => {};
    try {
      recorder = await openRecorder(folder, { path, maxBytes, clock });
      if (this.#options.context()?.vault !== context.vault) throw new ConsoleError('vault/locked');
      const ear = new RecordingEar(recorder);
      untap = monitors.tap(brokerId, ear);
      const row = noteStart(context, recordingId, broker, { note, ...ear.listens() });
      this.#running.set(recordingId, { brokerId, recorder, noted: this.#follow(recordingId, recorder, untap) });
      return row;
    } catch (error) {
      untap();
      await recorder?.stop('stopped');
      await rm(path, { force: true });
      throw error;
    } finally {
      this.#starting.delete(brokerId);
    }
  }

  /** Answers the row with its end; that of one that has ended as it is. Throws `recording/not-found`. */
  async stop(context: OperationContext, recordingId: string): Promise<Recording> {
    requireRecording(context, recordingId);
    const running = this.#running.get(recordingId);
    await running?.recorder.stop('stopped');
    await running?.noted;
    return requireRecording(context, recordingId);
  }

  list(): (RecorderCounts & { readonly recordingId: string; readonly brokerId: string })[] {
    return [...this.#running].map(([recordingId, { brokerId, recorder }]) => ({
      recordingId,
      brokerId,
      ...recorder.counts(),
    }));
  }

  areRunning(): boolean {
    return this.#running.size > 0;
  }

  /** The vault was opened: writes down what ended meanwhile, and what was cut off. */
  async noteAll(context: OperationContext): Promise<void> {
    const { folder } = this.#options;
    for (const [recordingId, end] of this.#toNote) {
      this.#toNote.delete(recordingId);
      if (context.vault.recordings.get(recordingId)) await noteEnd(context, folder, recordingId, end);
    }
    await noteCutRecordings(context, folder, (recordingId) => this.#running.has(recordingId));
  }

  async close(): Promise<void> {
    for (const { recorder } of this.#running.values()) void recorder.stop('locked');
    await Promise.all([...this.#running.values()].map(({ noted }) => noted));
  }

  async #follow(recordingId: string, recorder: Recorder, untap: () => void): Promise<void> {
    const { bytes, ...end } = await recorder.ended;
    untap();
    const { clock, context, folder, logger } = this.#options;
    const ended = { ...end, endedAt: clock.now().toISOString() };
    logger.info('a recording ended', { recordingId, bytes, ...end });
    try {
      const operation = context();
      if (!operation) throw new ConsoleError('vault/locked');
      await noteEnd(operation, folder, recordingId, ended);
    } catch (error) {
      this.#toNote.set(recordingId, { ...ended, bytes });
      logger.info('the end of a recording is written down later', { recordingId, error });
    } finally {
      this.#running.delete(recordingId);
    }
  }
}

async function openRecorder(folder: string, options: RecorderOptions): Promise<Recorder> {
  try {
    await makePrivateDirectory(folder);
    return await Recorder.start(options);
  } catch (cause) {
    throw new ConsoleError('recording/not-written', { cause });
  }
}
