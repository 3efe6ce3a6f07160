import type { Recording } from '../../../../shared/model/recording.ts';
import type { ConsoleClient } from '../../../transport.ts';
import { saveFile } from '../../../ui/save-file.ts';

const fileName = ({ recordingId, startedAt }: Recording, ending: string): string =>
  `recording-${startedAt.slice(0, 10)}-${recordingId.slice(0, 8)}.${ending}`;

/** The file as it is, part by part. */
export async function saveRecording(client: ConsoleClient, recording: Recording): Promise<void> {
  const { recordingId, bytes } = recording;
  const parts: Blob[] = [];
  for (let offset = 0; offset < bytes; ) {
    const part = await client.recordings.part({ recordingId, offset });
    if (part.size === 0) break;
    parts.push(part);
    offset += part.size;
  }
  saveFile(new Blob(parts, { type: 'application/gzip' }), fileName(recording, 'ndjson.gz'));
}

export async function saveRecordingAsCsv(client: ConsoleClient, recording: Recording): Promise<void> {
  const pieces: Blob[] = [];
  for await (const piece of await client.recordings.csv({ recordingId: recording.recordingId }))
    pieces.push(new Blob([piece]));
  saveFile(new Blob(pieces, { type: 'text/csv' }), fileName(recording, 'csv'));
}
