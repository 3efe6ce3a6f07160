// What was heard of a broker, kept in a file, and played again: only to be looked at, or to the practice broker. There is
// no way to play a recording to a real one.

import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  defaultRecordingBytes,
  maxImportedRecordingBytes,
  maxRecordingBytes,
  minRecordingBytes,
  recordingLossesSchema,
  recordingNoteSchema,
  recordingSchema,
  replaySchema,
  replaySpeedSchema,
} from '../model/recording.ts';
import { brokerIdParams, passive, procedure } from './base.ts';

const recordingParams = z.object({ recordingId: z.uuid() });
const replayParams = z.object({ replayId: z.uuid() });

/** What runs now. A recording's numbers in the list are those of its end. */
export const runningRecordingsSchema = z.object({
  recordings: z.array(
    recordingSchema.pick({ recordingId: true, messages: true, bytes: true }).extend({
      ...recordingLossesSchema.shape,
      brokerId: z.string(),
    }),
  ),
  replays: z.array(replaySchema),
});

export const recordingsContract = {
  /** Newest first. */
  list: passive.output(z.array(recordingSchema)),
  /** Recordings and replays that run, again whenever they changed, twice a second at most. */
  running: passive.output(eventIterator(runningRecordingsSchema)),
  /** Records what the monitor of this broker hears from now on. While it runs, the console is not locked for idleness. */
  start: procedure
    .input(
      brokerIdParams.extend({
        note: recordingNoteSchema.default(''),
        /** Before compression; the recording ends when it is reached. */
        maxBytes: z.number().int().min(minRecordingBytes).max(maxRecordingBytes).default(defaultRecordingBytes),
      }),
    )
    .output(recordingSchema),
  /** Answers when the file is closed and has its fingerprint. */
  stop: procedure.input(recordingParams).output(recordingSchema),
  setNote: procedure.input(recordingParams.extend({ note: recordingNoteSchema })).output(recordingSchema),
  delete: procedure.input(recordingParams),
  /** The file from `offset` on, a few megabytes at a time. */
  part: procedure.input(recordingParams.extend({ offset: z.number().int().min(0) })).output(z.file()),
  /** The recording as CSV (RFC 4180), in pieces. */
  csv: procedure.input(recordingParams).output(eventIterator(z.string())),
  import: procedure
    .input(z.object({ file: z.file().max(maxImportedRecordingBytes), note: recordingNoteSchema.default('') }))
    .output(recordingSchema),
  /** Plays it, from its beginning. To the monitor: `monitor.watch` and its like take the `replayId` for a broker's. */
  replay: procedure
    .input(recordingParams.extend({ target: replaySchema.shape.target, speed: replaySpeedSchema.default(1) }))
    .output(replaySchema),
  /** Speed, pause, and the time to go to (Unix milliseconds, as recorded); what is left out stays. */
  control: procedure
    .input(
      replayParams.extend({
        speed: replaySpeedSchema.optional(),
        isPaused: z.boolean().optional(),
        seek: z.number().int().min(0).optional(),
      }),
    )
    .output(replaySchema),
  endReplay: procedure.input(replayParams),
};
