import { z } from 'zod';
import { timestampSchema } from './plant.ts';

const megabyte = 1024 * 1024;

/** Sizes before compression; the file is a fraction of it. */
export const minRecordingBytes = megabyte;
export const maxRecordingBytes = 4096 * megabyte;
export const defaultRecordingBytes = 256 * megabyte;

/** Of a file that comes from elsewhere, compressed. */
export const maxImportedRecordingBytes = 48 * megabyte;

/**
 * stopped: by the operator; locked: the console was locked or closed; full: its size was reached; disk-full; failed: the
 * file could not be written any more; cut: the console died, or the file ends in the middle. Whatever ended it, all that
 * was counted is readable.
 */
export const recordingEndingSchema = z.enum(['stopped', 'locked', 'full', 'disk-full', 'failed', 'cut']);
export type RecordingEnding = z.infer<typeof recordingEndingSchema>;

export const recordingOriginSchema = z.enum(['recorded', 'imported']);

/** A file of messages (NDJSON, gzip) in the console's folder, by which a handover record can name it. */
export const recordingSchema = z.object({
  recordingId: z.uuid(),
  /** The operator's words; they name it on the screen. */
  note: z.string(),
  origin: recordingOriginSchema,
  /** null where it came from elsewhere. The name is the one that the broker had then. */
  brokerId: z.string().nullable(),
  brokerName: z.string(),
  startedAt: timestampSchema,
  /** null while it runs. */
  endedAt: timestampSchema.nullable(),
  ending: recordingEndingSchema.nullable(),
  messages: z.number().int(),
  /** Messages that were heard and are not in it. */
  dropped: z.number().int(),
  /** Lines of an imported file that are no message. */
  badLines: z.number().int(),
  /** Of the file. */
  bytes: z.number().int(),
  /** Of the file, hex; null while it runs, or when there is no file any more. */
  sha256: z.string().nullable(),
});
export type Recording = z.infer<typeof recordingSchema>;

export const recordingNoteSchema = z.string().trim().max(500);

/** Ten times slower to a hundred times faster than it was; null is as fast as possible. */
export const replaySpeedSchema = z.number().min(0.1).max(100).nullable();
export type ReplaySpeed = z.infer<typeof replaySpeedSchema>;

export const replaySchema = z.object({
  /** Where a replay goes to the monitor, this is what the monitor is asked by, in a broker's place. */
  replayId: z.uuid(),
  recordingId: z.uuid(),
  /** monitor: only looked at; practice: published to the practice broker. */
  target: z.enum(['monitor', 'practice']),
  state: z.enum(['running', 'paused', 'ended', 'failed']),
  speed: replaySpeedSchema,
  /** Unix milliseconds, of the time that was recorded: of its first and its last message, and how far it came. */
  from: z.number(),
  until: z.number(),
  position: z.number(),
  messages: z.number().int(),
  badLines: z.number().int(),
  /** Messages that the practice broker was not given: a broker's own topics, and none. */
  skipped: z.number().int(),
  /** Whether the file ended in the middle. */
  isCut: z.boolean(),
});
export type Replay = z.infer<typeof replaySchema>;
