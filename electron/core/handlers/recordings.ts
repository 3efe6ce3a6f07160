import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireBroker } from '../../operations/brokers.ts';
import {
  deleteRecording,
  importRecording,
  recordingCsv,
  recordingFile,
  recordingFileType,
  recordingPart,
  setRecordingNote,
} from '../../operations/recordings.ts';
import type { Implementer } from '../implementer.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { LiveRecordings } from '../live-recordings.ts';
import type { LiveReplays } from '../live-replays.ts';
import type { ContextOf } from '../operation-context.ts';

const intervalMs = 500;

type Parts = {
  readonly contextOf: ContextOf;
  readonly monitors: LiveMonitors;
  readonly recordings: LiveRecordings;
  readonly replays: LiveReplays;
  /** Where the files are. */
  readonly recordingsFolder: string;
};

export function recordingsHandlers(os: Implementer, parts: Parts) {
  const { contextOf, monitors, recordings: live, replays, recordingsFolder } = parts;
  const { recordings } = os;
  return {
    list: recordings.list.handler(({ context }) => {
      const running = new Map(live.list().map(({ brokerId: _, ...counts }) => [counts.recordingId, counts]));
      return contextOf(context)
        .vault.recordings.list()
        .map((row) => ({ ...row, ...(row.ending === null && running.get(row.recordingId)) }));
    }),
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
    start: recordings.start.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      const broker = requireBroker(operation, input.brokerId);
      await monitors.connect(operation, broker);
      return live.start(operation, broker, input);
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
    download: recordings.download.handler(async ({ input: { recordingId }, context }) => {
      const file = await recordingFile(contextOf(context), recordingsFolder, recordingId);
      return new File([file], `${recordingId}.ndjson.gz`, { type: recordingFileType });
    }),
    downloadCsv: recordings.downloadCsv.handler(async ({ input: { recordingId }, context }) => {
      const pieces = recordingCsv(contextOf(context), recordingsFolder, recordingId);
      // What is refused is refused before anything is answered.
      const first = await pieces.next();
      return {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${recordingId}.csv"`,
        },
        body: textStream(first.done ? '' : first.value, pieces),
      };
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
    listReplays: recordings.listReplays.handler(({ context }) => {
      contextOf(context);
      return replays.list();
    }),
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

/** UTF-8 of `first` and `rest`, at the pace of who takes it. */
function textStream(first: string, rest: AsyncGenerator<string, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(first)),
    pull: async (controller) => {
      const next = await rest.next();
      if (next.done) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
    cancel: async () => {
      await rest.return();
    },
  });
}
