// A recording on a disk that is full: it ends by itself, says why, and its file is whole.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Recorder } from '../../electron/monitor/recording/recorder.ts';
import { recordingContents } from '../../electron/monitor/recording/recording-facts.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const rootRights = process.getuid?.() === 0 ? [] : ['root rights'];

describeWith('mount', ...rootRights)('a recording on a small disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-small-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=400k,mode=700', 'tmpfs', folder]);
  });
  afterEach(async () => {
    await run('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  });

  it('ends when the disk is full, with every message counted and every written one readable', async () => {
    const path = join(folder, 'r.ndjson.gz');
    const recorder = await Recorder.start({ path, clock: systemClock, maxBytes: 100_000_000, intervalMs: 1 });
    let hasEnded = false;
    void recorder.ended.then(() => {
      hasEnded = true;
    });
    let heard = 0;
    while (!hasEnded) {
      const payload = crypto.getRandomValues(new Uint8Array(20_000));
      recorder.take({ topic: 'a/b', payload, qos: 0, retained: false, receivedAt: heard });
      heard += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const end = await recorder.ended;
    expect(end.ending).toBe('disk-full');
    expect(end.messages).toBeGreaterThan(0);
    const dropped = end.dropped ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(end.messages + dropped).toBeLessThanOrEqual(heard);
    expect(await recordingContents(path)).toMatchObject({ messages: end.messages, badLines: 0, ending: 'complete' });
  });
});
