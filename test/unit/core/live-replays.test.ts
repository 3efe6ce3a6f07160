// A lock, or a deletion, while the recording is read: whichever turn it comes in, nothing is played afterwards.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveBrokers } from '../../../electron/core/live-brokers.ts';
import { LiveMonitors } from '../../../electron/core/live-monitors.ts';
import { LiveReplays } from '../../../electron/core/live-replays.ts';
import { RecordingWriter } from '../../../electron/monitor/recording/recording-writer.ts';
import {
  deleteRecording,
  noteCutRecordings,
  noteStart,
  recordingPath,
} from '../../../electron/operations/recordings.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow } from '../../support/vault-rows.ts';

const recordingId = 'recorded';

async function scene() {
  const folder = await mkdtemp(join(tmpdir(), 'replays-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { file, vault } = await createVault();
  const context = contextOver(vault);
  const listening = { note: '', filters: ['cpi/#'], includeSys: false, identity: { kind: 'console' as const } };
  noteStart(context, recordingId, brokerRow('1'), listening);
  const writer = await RecordingWriter.create(recordingPath(folder, recordingId));
  const message = { time: 1000, topic: 'a', payloadBase64: 'eA==', qos: 0, retain: false };
  await writer.append([message, { ...message, time: 9000 }].map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writer.close();
  await noteCutRecordings(context, folder, () => false);
  const monitors = new LiveMonitors({ clock: systemClock, logger: silentLogger, context: () => context });
  const brokers = new LiveBrokers({ dataDirectory: folder, clock: systemClock });
  const replays = new LiveReplays({ folder, monitors, brokers, logger: silentLogger });
  onTestFinished(async () => {
    await replays.close();
    await monitors.close();
  });
  return { file, folder, context, monitors, replays };
}

/** Whether it came about before; the code of the failure if not. */
async function startedAfter(
  turns: number,
  start: () => Promise<{ readonly replayId: string }>,
  meanwhile: () => Promise<unknown>,
): Promise<string> {
  const outcome = start().then(
    () => 'started',
    (error: { code?: string }) => error.code ?? String(error),
  );
  for (let i = 0; i < turns; i++) await new Promise((next) => setImmediate(next));
  await meanwhile();
  return outcome;
}

const turns = [0, 1, 2, 3, 5, 8];

describe('a replay', () => {
  it('is looked at like a broker until it is ended', async () => {
    const { context, monitors, replays } = await scene();
    const { replayId } = await replays.start(context, recordingId, 'monitor', null);
    await expect.poll(() => monitors.require(replayId).message('a')?.messageCount).toBe(2);
    await replays.end(replayId);
    expect(() => monitors.require(replayId)).toThrow(expect.objectContaining({ code: 'monitor/not-connected' }));
  });

  it.each(turns)('is not begun when the vault is locked after %i turns', async (count) => {
    const { file, context, monitors, replays } = await scene();
    const outcome = await startedAfter(
      count,
      () => replays.start(context, recordingId, 'monitor', null),
      async () => {
        file.lock();
        await Promise.all([replays.close(), monitors.close()]);
      },
    );
    expect(['started', 'vault/locked']).toContain(outcome);
    expect(replays.list()).toEqual([]);
  });

  it.each(turns)('is not begun when the recording is deleted after %i turns', async (count) => {
    const { folder, context, replays } = await scene();
    const outcome = await startedAfter(
      count,
      () => replays.start(context, recordingId, 'monitor', null),
      async () => {
        await deleteRecording(context, folder, recordingId);
        await replays.endAllOf(recordingId);
      },
    );
    expect(['started', 'recording/not-found', 'recording/file-missing']).toContain(outcome);
    expect(replays.list()).toEqual([]);
  });
});
