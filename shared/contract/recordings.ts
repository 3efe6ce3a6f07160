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

const tags = ['Recordings'];

/** Its body may be larger than any other's: a host that limits bodies must know it. */
export const recordingImportPath = '/recordings/import';

export const recordingsContract = {
  list: passive
    .route({
      method: 'GET',
      path: '/recordings',
      tags,
      summary: 'All recordings, newest first; of one that runs with its numbers so far',
    })
    .output(z.array(recordingSchema)),
  /** Recordings and replays that run, again whenever they changed, twice a second at most. */
  running: passive.output(eventIterator(runningRecordingsSchema)),
  /** Connects the monitor as it was last told to, unless it is. While it runs, the console is not locked for idleness. */
  start: procedure
    .route({
      method: 'POST',
      path: '/recordings',
      successStatus: 201,
      tags,
      summary: 'Record what the monitor of a broker hears from now on',
    })
    .input(
      brokerIdParams.extend({
        note: recordingNoteSchema.default(''),
        /** Before compression; the recording ends when it is reached. */
        maxBytes: z.number().int().min(minRecordingBytes).max(maxRecordingBytes).default(defaultRecordingBytes),
      }),
    )
    .output(recordingSchema),
  stop: procedure
    .route({
      method: 'POST',
      path: '/recordings/{recordingId}/stop',
      tags,
      summary: 'End a recording; answers when its file is closed and has its fingerprint',
    })
    .input(recordingParams)
    .output(recordingSchema),
  setNote: procedure
    .route({ method: 'PUT', path: '/recordings/{recordingId}/note', tags, summary: 'Name a recording' })
    .input(recordingParams.extend({ note: recordingNoteSchema }))
    .output(recordingSchema),
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/recordings/{recordingId}',
      tags,
      successStatus: 204,
      summary: 'Delete a recording that has ended, with its file; the audit trail keeps its fingerprint',
    })
    .input(recordingParams),
  download: passive
    .route({
      method: 'GET',
      path: '/recordings/{recordingId}/file',
      tags,
      summary: 'The file as it is: a line of JSON a message, in gzip',
    })
    .input(recordingParams)
    .output(z.file()),
  /** The same for the window, from `offset` on, a few megabytes at a time. */
  part: procedure.input(recordingParams.extend({ offset: z.number().int().min(0) })).output(z.file()),
  downloadCsv: passive
    .route({
      method: 'GET',
      path: '/recordings/{recordingId}/csv',
      tags,
      outputStructure: 'detailed',
      summary: 'The recording as CSV (RFC 4180): a line a message, each payload whole as a data URI',
    })
    .input(recordingParams)
    .output(
      z.object({
        headers: z.object({ 'content-type': z.string(), 'content-disposition': z.string() }),
        body: z.custom<ReadableStream<Uint8Array>>((value) => value instanceof ReadableStream),
      }),
    ),
  /** The same for the window, in pieces. */
  csv: procedure.input(recordingParams).output(eventIterator(z.string())),
  import: procedure
    .route({
      method: 'POST',
      path: recordingImportPath,
      successStatus: 201,
      tags,
      summary: 'Take a recording from elsewhere in, as a form (multipart/form-data) with these fields',
    })
    .input(z.object({ file: z.file().max(maxImportedRecordingBytes), note: recordingNoteSchema.default('') }))
    .output(recordingSchema),
  /** To the monitor: `monitor.watch` and its like take the `replayId` for a broker's. */
  replay: procedure
    .route({
      method: 'POST',
      path: '/recordings/{recordingId}/replays',
      successStatus: 201,
      tags,
      summary: 'Play a recording from its beginning, to look at it or to the practice broker',
    })
    .input(recordingParams.extend({ target: replaySchema.shape.target, speed: replaySpeedSchema.default(1) }))
    .output(replaySchema),
  listReplays: passive
    .route({ method: 'GET', path: '/replays', tags, summary: 'The replays there are, and how far they came' })
    .output(z.array(replaySchema)),
  control: procedure
    .route({
      method: 'PATCH',
      path: '/replays/{replayId}',
      tags,
      summary: 'Speed, pause, and the time to go to (Unix milliseconds, as recorded); what is left out stays',
    })
    .input(
      replayParams.extend({
        speed: replaySpeedSchema.optional(),
        isPaused: z.boolean().optional(),
        seek: z.number().int().min(0).optional(),
      }),
    )
    .output(replaySchema),
  endReplay: procedure
    .route({ method: 'DELETE', path: '/replays/{replayId}', tags, successStatus: 204, summary: 'End a replay' })
    .input(replayParams),
};
