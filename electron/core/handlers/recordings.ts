import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireBroker } from '../../operations/brokers.ts';
import {
  deleteRecording,
  importRecording,
  recordingCsv,
  recordingFileType,
  recordingPart,
  setRecordingNote,
} from '../../operations/recordings.ts';
import type { Implementer } from '../implementer.ts';
import type { LiveRecordings } from '../live-recordings.ts';
import type { LiveReplays } from '../live-replays.ts';
import type { ContextOf } from '../operation-context.ts';

const intervalMs = 500;

type Parts = {
  readonly contextOf: ContextOf;
  readonly recordings: LiveRecordings;
  readonly replays: LiveReplays;
  /** Where the files are. */
  readonly recordingsFolder: string;
};

export function recordingsHandlers(os: Implementer, { contextOf, recordings: live, replays, recordingsFolder }: Parts) {
  const { recordings } = os;
  return {
    list: recordings.list.handler(({ context }) => contextOf(context).vault.recordings.list()),
    running: recordings.running.handler(async function* ({ context, signal }) {
      contextOf(context);
      const ending = signal ?? new AbortController().signal;
      let told = '';
      while (!ending.aborted) {
        const running = { recordings: live.list(), replays: replays.list() };
        const words = JSON.stringify(running);
        if (words !== told) yield running;
        told = words;
        await sleep(intervalMs, undefined, { signal: ending }).catch(() => undefined);
      }
    }),
    start: recordings.start.handler(({ input, context }) => {
      const operation = contextOf(context);
      return live.start(operation, requireBroker(operation, input.brokerId), input);
    }),
    stop: recordings.stop.handler(({ input, context }) => live.stop(contextOf(context), input.recordingId)),
    setNote: recordings.setNote.handler(({ input, context }) =>
      setRecordingNote(contextOf(context), input.recordingId, input.note),
    ),
    delete: recordings.delete.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      await replays.endAllOf(input.recordingId);
      await deleteRecording(operation, recordingsFolder, input.recordingId);
    }),
    part: recordings.part.handler(async ({ input, context }) => {
      const { recordingId, offset } = input;
      const part = await recordingPart(contextOf(context), recordingsFolder, recordingId, offset);
      return new File([part], `${recordingId}.ndjson.gz`, { type: recordingFileType });
    }),
    csv: recordings.csv.handler(({ input, context }) =>
      recordingCsv(contextOf(context), recordingsFolder, input.recordingId),
    ),
    import: recordings.import.handler(async ({ input: { file, note }, context }) => {
      const operation = contextOf(context);
      const content = new Uint8Array(await file.arrayBuffer());
      return importRecording(operation, recordingsFolder, randomUUID(), { name: file.name, content, note });
    }),
    replay: recordings.replay.handler(({ input, context }) =>
      replays.start(contextOf(context), input.recordingId, input.target, input.speed),
    ),
    control: recordings.control.handler(({ input: { replayId, ...wish }, context }) => {
      contextOf(context);
      return replays.control(replayId, wish);
    }),
    endReplay: recordings.endReplay.handler(async ({ input, context }) => {
      contextOf(context);
      await replays.end(input.replayId);
    }),
  };
}
