// Recordings: the vault knows them by their fingerprints, their files lie in a folder beside it.

import { openAsBlob } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConsoleError } from '../../shared/model/errors.ts';
import { listenedFilters, type MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { type Recording, type RecordingIdentity, unknownLosses } from '../../shared/model/recording.ts';
import type { RecorderEnd } from '../monitor/recording/recorder.ts';
import {
  recordingCsvEndLine,
  recordingCsvHeader,
  recordingCsvLine,
  recordingCsvLossLine,
} from '../monitor/recording/recording-csv.ts';
import {
  type RecordingContents,
  recordingCaps,
  recordingContents,
  recordingFingerprint,
} from '../monitor/recording/recording-facts.ts';
import { readRecording } from '../monitor/recording/recording-reader.ts';
import { makePrivateDirectory, writeFileAtomically } from '../platform/files.ts';
import { endOfSlice } from '../platform/slices.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

const partBytes = 4 * 1024 * 1024;
const csvPieceLength = 256 * 1024;

export const recordingFileType = 'application/gzip';

export const recordingPath = (folder: string, recordingId: string): string => join(folder, `${recordingId}.ndjson.gz`);

/** Throws `recording/not-found`. */
export function requireRecording({ vault }: OperationContext, recordingId: string): Recording {
  const row = vault.recordings.get(recordingId);
  if (!row) throw new ConsoleError('recording/not-found', { details: { recordingId } });
  return row;
}

/** Throws `recording/not-found`, and `recording/running` while it has no end. */
export function requireEnded(context: OperationContext, recordingId: string): Recording {
  const row = requireRecording(context, recordingId);
  if (row.endedAt === null) throw new ConsoleError('recording/running', { details: { recordingId } });
  return row;
}

/** Throws `credential/not-found` when the credential that was listened with is gone. */
export function noteStart(
  context: OperationContext,
  recordingId: string,
  { brokerId, name: brokerName }: BrokerRow,
  { note, identity, ...listening }: { readonly note: string } & Listening,
): Recording {
  context.vault.transaction(() => {
    context.vault.recordings.insert({
      recordingId,
      note,
      origin: 'recorded',
      brokerId,
      brokerName,
      filters: listenedFilters(listening),
      identity: identityOf(context, identity),
      startedAt: timestamp(context),
      endedAt: null,
      ending: null,
      messages: 0,
      // Until its end nobody knows.
      ...unknownLosses,
      badLines: 0,
      bytes: 0,
      sha256: null,
    });
    audit(context, 'recording.start', brokerName, { recordingId });
  });
  context.changed('recordings');
  return requireRecording(context, recordingId);
}

type Listening = Readonly<Pick<MonitorSettings, 'filters' | 'includeSys' | 'identity'>>;

function identityOf({ vault }: OperationContext, identity: MonitorSettings['identity']): RecordingIdentity {
  if (identity.kind === 'console') return identity;
  const { credentialId } = identity;
  const credential = vault.credentials.get(credentialId);
  if (!credential) throw new ConsoleError('credential/not-found', { details: { credentialId } });
  const { plantId } = credential;
  return { kind: 'credential', credentialId, plantId, plantName: vault.plants.get(plantId)?.name ?? '' };
}

/** Keeps how it ended, and the fingerprint of its file; `sha256` stays null when that cannot be read. */
export async function noteEnd(
  context: OperationContext,
  folder: string,
  recordingId: string,
  end: Omit<RecorderEnd, 'bytes'> & { readonly badLines?: number; readonly endedAt: string },
): Promise<void> {
  const row = requireRecording(context, recordingId);
  const file = await recordingFingerprint(recordingPath(folder, recordingId)).catch(() => ({ bytes: 0, sha256: null }));
  context.vault.transaction(() => {
    context.vault.recordings.update(recordingId, { ...end, ...file });
    const { ending, messages, dropped, oversized, droppedByBroker, gaps, gapMs } = end;
    const losses = { dropped, oversized, droppedByBroker, gaps, gapMs };
    const { sha256 } = file;
    audit(context, 'recording.end', row.brokerName, { recordingId, ending, messages, ...losses, sha256 });
  });
  context.changed('recordings');
}

/** Recordings without an end that nobody writes any more: the console died. What can be read of them is kept. */
export async function noteCutRecordings(
  context: OperationContext,
  folder: string,
  isRunning: (recordingId: string) => boolean,
): Promise<void> {
  for (const { recordingId, endedAt, startedAt } of context.vault.recordings.list()) {
    if (endedAt !== null || isRunning(recordingId)) continue;
    const contents = await recordingContents(recordingPath(folder, recordingId)).catch(() => undefined);
    await noteEnd(context, folder, recordingId, {
      ending: 'cut',
      messages: contents?.messages ?? 0,
      badLines: contents?.badLines ?? 0,
      ...unknownLosses,
      endedAt: contents?.last === undefined ? startedAt : new Date(contents.last).toISOString(),
    });
  }
}

export function setRecordingNote(context: OperationContext, recordingId: string, note: string): Recording {
  context.vault.transaction(() => {
    context.vault.recordings.update(recordingId, { note });
    audit(context, 'recording.note', requireRecording(context, recordingId).brokerName, { recordingId, note });
  });
  context.changed('recordings');
  return requireRecording(context, recordingId);
}

/** File and row. Throws `recording/not-found`, `recording/running`. */
export async function deleteRecording(context: OperationContext, folder: string, recordingId: string): Promise<void> {
  const { brokerName, sha256 } = requireEnded(context, recordingId);
  await rm(recordingPath(folder, recordingId), { force: true });
  context.vault.transaction(() => {
    context.vault.recordings.delete(recordingId);
    audit(context, 'recording.delete', brokerName, { recordingId, sha256 });
  });
  context.changed('recordings');
}

/** Takes a file from elsewhere in, as it is. Throws `recording/unreadable`, `recording/not-written`. */
export async function importRecording(
  context: OperationContext,
  folder: string,
  recordingId: string,
  { name, content, note }: { readonly name: string; readonly content: Uint8Array; readonly note: string },
): Promise<Recording> {
  const path = recordingPath(folder, recordingId);
  try {
    await makePrivateDirectory(folder);
    await writeFileAtomically(path, content);
  } catch (cause) {
    throw new ConsoleError('recording/not-written', { cause });
  }
  try {
    const contents = await recordingContents(path);
    const { first, last, messages, badLines, ending } = contents;
    if (first === undefined || last === undefined) throw new ConsoleError('recording/unreadable');
    const file = await recordingFingerprint(path);
    context.vault.transaction(() => {
      context.vault.recordings.insert({
        recordingId,
        note: note === '' ? name.slice(0, 500) : note,
        origin: 'imported',
        brokerId: null,
        brokerName: '',
        filters: null,
        identity: null,
        startedAt: new Date(first).toISOString(),
        endedAt: new Date(last).toISOString(),
        ending: ending === 'complete' ? 'stopped' : 'cut',
        messages,
        ...unknownLosses,
        badLines,
        ...file,
      });
      audit(context, 'recording.import', name.slice(0, 500), { recordingId, messages, badLines, sha256: file.sha256 });
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  context.changed('recordings');
  return requireRecording(context, recordingId);
}

/** The file from `offset` on, a few megabytes. Throws `recording/running`, `recording/file-missing`. */
export async function recordingPart(
  context: OperationContext,
  folder: string,
  recordingId: string,
  offset: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { brokerName, sha256 } = requireEnded(context, recordingId);
  if (offset === 0) audit(context, 'recording.export', brokerName, { recordingId, sha256, format: 'ndjson' });
  const file = await open(recordingPath(folder, recordingId)).catch(fileMissing);
  try {
    const part = new Uint8Array(partBytes);
    const { bytesRead } = await file.read(part, 0, partBytes, offset);
    return part.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The whole file, read from the disk as it is sent. Throws `recording/running`, `recording/file-missing`. */
export async function recordingFile(context: OperationContext, folder: string, recordingId: string): Promise<Blob> {
  const { brokerName, sha256 } = requireEnded(context, recordingId);
  const file = await openAsBlob(recordingPath(folder, recordingId)).catch(fileMissing);
  audit(context, 'recording.export', brokerName, { recordingId, sha256, format: 'ndjson' });
  return file;
}

/** In pieces of some hundred kilobytes. Throws `recording/running`, `recording/file-missing`. */
export async function* recordingCsv(
  context: OperationContext,
  folder: string,
  recordingId: string,
): AsyncGenerator<string, void, undefined> {
  const { brokerName, sha256, startedAt, ending } = requireEnded(context, recordingId);
  audit(context, 'recording.export', brokerName, { recordingId, sha256, format: 'csv' });
  const turn = endOfSlice();
  const lines = readRecording(recordingPath(folder, recordingId), recordingCaps);
  let piece = recordingCsvHeader;
  let last = Date.parse(startedAt);
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done) {
        // The file may have been damaged since it ended.
        piece += recordingCsvEndLine(next.value.ending === 'complete' ? ending : 'cut', last);
        break;
      }
      const line = next.value;
      last = 'missing' in line ? line.missing.until : line.time;
      piece += 'missing' in line ? recordingCsvLossLine(line) : recordingCsvLine(line);
      await turn();
      if (piece.length < csvPieceLength) continue;
      yield piece;
      piece = '';
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) fileMissing(error);
    throw error;
  } finally {
    await lines.return({ messages: 0, badLines: 0, ending: 'complete' });
  }
  if (piece !== '') yield piece;
}

/** What is in it. Throws `recording/not-found`, `recording/running`, `recording/file-missing`, `recording/unreadable`. */
export async function contentsToPlay(
  context: OperationContext,
  folder: string,
  recordingId: string,
): Promise<{ readonly path: string; readonly from: number; readonly until: number }> {
  requireEnded(context, recordingId);
  const path = recordingPath(folder, recordingId);
  const { first, last }: RecordingContents = await recordingContents(path).catch(fileMissing);
  if (first === undefined || last === undefined) throw new ConsoleError('recording/unreadable');
  return { path, from: first, until: last };
}

function fileMissing(cause: unknown): never {
  throw new ConsoleError('recording/file-missing', { cause });
}
