import type { Recording, RecordingLosses } from '../../../shared/model/recording.ts';

/** A recording of messages; its file lies beside the vault. It outlives its broker. */
export type RecordingRow = Recording;

export type RecordingChange = Partial<
  RecordingLosses & Pick<RecordingRow, 'note' | 'endedAt' | 'ending' | 'messages' | 'badLines' | 'bytes' | 'sha256'>
>;

export type RecordingTable = {
  insert(row: RecordingRow): void;
  get(recordingId: string): RecordingRow | undefined;
  /** Newest first. */
  list(): RecordingRow[];
  /** Throws `recording/not-found`. */
  update(recordingId: string, change: RecordingChange): void;
  /** Throws `recording/not-found`. */
  delete(recordingId: string): void;
};
