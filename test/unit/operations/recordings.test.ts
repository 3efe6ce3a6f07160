import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recordingContents } from '../../../electron/monitor/recording/recording-facts.ts';
import { RecordingWriter } from '../../../electron/monitor/recording/recording-writer.ts';
import { noteCutRecordings, noteStart, recordingCsv, recordingPath } from '../../../electron/operations/recordings.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, credentialRow, plantId, plantRow } from '../../support/vault-rows.ts';

const listening = { note: '', filters: ['cpi/#'], includeSys: false, identity: { kind: 'console' as const } };
const line = (time: number) =>
  `${JSON.stringify({ time, topic: 'a', payloadBase64: 'eA==', qos: 0, retain: false })}\n`;

test('a recording that a crash cut off is found with what is readable; one that runs is left alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { vault } = await createVault();
  const context = contextOver(vault);
  for (const id of ['cut', 'running', 'without-file']) noteStart(context, id, brokerRow('1'), listening);
  const path = recordingPath(folder, 'cut');
  const writer = await RecordingWriter.create(path);
  await writer.append(line(1000) + line(2000));
  await writer.append(line(3000));
  await writer.close();
  await writeFile(path, (await readFile(path)).subarray(0, -9));

  await noteCutRecordings(context, folder, (id) => id === 'running');

  const { messages, last } = await recordingContents(path);
  expect(messages).toBeGreaterThanOrEqual(2);
  expect(vault.recordings.get('cut')).toMatchObject({
    ending: 'cut',
    dropped: null,
    oversized: null,
    droppedByBroker: null,
    gaps: null,
    gapMs: null,
    messages,
    endedAt: new Date(last ?? 0).toISOString(),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(vault.recordings.get('without-file')).toMatchObject({ ending: 'cut', messages: 0, bytes: 0, sha256: null });
  expect(vault.recordings.get('running')?.ending).toBeNull();

  let csv = '';
  for await (const piece of recordingCsv(context, folder, 'cut')) csv += piece;
  expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + messages + 1);
  expect(csv).toMatch(/cut in the middle: what came then is not known"\r\n$/);
});

test('a recording says as which plant it was made, in words that outlive the plant', async () => {
  const { vault } = await createVault();
  const context = contextOver(vault);
  vault.plants.insert(plantRow('a', { name: 'Pump 4' }));
  vault.credentials.insert(credentialRow('c-1'), '{}');
  const identity = { kind: 'credential' as const, credentialId: 'c-1' };
  const row = noteStart(context, 'as-plant', brokerRow('1'), { ...listening, identity });
  expect(row.identity).toEqual({ kind: 'credential', credentialId: 'c-1', plantId: plantId('a'), plantName: 'Pump 4' });
  expect(row.dropped).toBeNull();
  const gone = { kind: 'credential' as const, credentialId: 'gone' };
  expect(() => noteStart(context, 'none', brokerRow('1'), { ...listening, identity: gone })).toThrow(
    expect.objectContaining({ code: 'credential/not-found' }),
  );
});
