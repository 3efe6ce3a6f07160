import type { HandoverScope } from '../../../shared/model/handover.ts';
import type { Timestamp } from './timestamp.ts';

/** A handover record that was made. It outlives whatever it names. */
export type HandoverRow = {
  /** From 1, without gaps. */
  readonly number: number;
  readonly at: Timestamp;
  readonly by: string;
  readonly to: string;
  readonly scope: HandoverScope;
  readonly plants: number;
  /** Those whose files are in the archive, which are not kept a second time. */
  readonly recordingIds: readonly string[];
  /** Of the record's JSON; hex. */
  readonly sha256: string;
  /** The line of the audit trail that was written with it. */
  readonly auditSequence: number;
  readonly certificateSerialNumber: string;
};

export type HandoverTable = {
  /** `files` are those of its archive but for recordings, as the operation's own JSON. Throws when the number is taken. */
  insert(row: HandoverRow, files: string): void;
  get(number: number): HandoverRow | undefined;
  /** Newest first. */
  list(): HandoverRow[];
  /** The number that the next one gets. */
  next(): number;
  /** Throws `handover/not-found`. */
  files(number: number): string;
};
