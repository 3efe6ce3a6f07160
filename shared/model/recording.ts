import { z } from 'zod';
import { plantIdSchema, timestampSchema } from './plant.ts';

const megabyte = 1024 * 1024;

/** Sizes before compression; the file is a fraction of it. */
export const minRecordingBytes = megabyte;
export const maxRecordingBytes = 4096 * megabyte;
export const defaultRecordingBytes = 256 * megabyte;

/** Of a file that comes from elsewhere, compressed. */
export const maxImportedRecordingBytes = 48 * megabyte;

/**
 * stopped: by the operator; locked: the console was locked or closed; replaced: the monitor was set to other filters or
 * to another identity; full: its size was reached; disk-full; failed: the file could not be written any more; cut: the
 * console died, or the file ends in the middle. Whatever ended it, all that was counted is readable.
 */
export const recordingEndingSchema = z.enum(['stopped', 'locked', 'replaced', 'full', 'disk-full', 'failed', 'cut']);
export type RecordingEnding = z.infer<typeof recordingEndingSchema>;

export const recordingOriginSchema = z.enum(['recorded', 'imported']);

/** As whom was listened, in words that stay true when the plant or its credential are gone. */
export const recordingIdentitySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('console') }),
  z.object({
    kind: z.literal('credential'),
    credentialId: z.string(),
    plantId: plantIdSchema,
    plantName: z.string(),
  }),
]);
export type RecordingIdentity = z.infer<typeof recordingIdentitySchema>;

/**
 * What a recording does not have although it was sent while it ran. null: nobody knows, since the console died, or the
 * file came from elsewhere.
 */
export const recordingLossesSchema = z.object({
  /** Messages that the console heard and could not write in time. */
  dropped: z.number().int().nullable(),
  /** Messages too large for the console (over 16 MiB) or for a recording (over 4 MiB). */
  oversized: z.number().int().nullable(),
  /** Messages to any of its clients that the broker says it dropped; null also where the broker does not say. */
  droppedByBroker: z.number().int().nullable(),
  /** How often the connection to the broker was away, and for how many milliseconds in all. */
  gaps: z.number().int().nullable(),
  gapMs: z.number().int().nullable(),
});
export type RecordingLosses = z.infer<typeof recordingLossesSchema>;

export const unknownLosses: RecordingLosses = {
  dropped: null,
  oversized: null,
  droppedByBroker: null,
  gaps: null,
  gapMs: null,
};

/** Times in Unix milliseconds, to the end of the year 9999. */
export const recordedTimeSchema = z.number().int().min(0).max(253_402_300_799_999);

/** Where something is missing in a recording. */
export const recordedGapSchema = z.object({
  /** away: there was no connection; the others as a recording counts them. */
  what: z.enum(['away', 'dropped', 'oversized', 'droppedByBroker']),
  from: recordedTimeSchema,
  until: recordedTimeSchema,
  /** Nobody knows how many while there was no connection. */
  messages: z.number().int().min(1).optional(),
});
export type RecordedGap = z.infer<typeof recordedGapSchema>;

/** A file of messages (NDJSON, gzip) in the console's folder, by which a handover record can name it. */
export const recordingSchema = z.object({
  recordingId: z.uuid(),
  /** The operator's words; they name it on the screen. */
  note: z.string(),
  origin: recordingOriginSchema,
  /** null where it came from elsewhere. The name is the one that the broker had then. */
  brokerId: z.string().nullable(),
  brokerName: z.string(),
  /** Topic filters that were listened to, and as whom; null where it came from elsewhere or was made before this was kept. */
  filters: z.array(z.string()).nullable(),
  identity: recordingIdentitySchema.nullable(),
  startedAt: timestampSchema,
  /** null while it runs. */
  endedAt: timestampSchema.nullable(),
  ending: recordingEndingSchema.nullable(),
  messages: z.number().int(),
  ...recordingLossesSchema.shape,
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
  /** Whether the recording ended in the middle: what came then, nobody knows. */
  isCut: z.boolean(),
  /** The last place that was passed where something is missing. */
  gap: recordedGapSchema.nullable(),
});
export type Replay = z.infer<typeof replaySchema>;
