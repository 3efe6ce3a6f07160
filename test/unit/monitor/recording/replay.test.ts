import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingWriter } from '../../../../electron/monitor/recording/recording-writer.ts';
import { Replay, type ReplayOptions, type WallTime } from '../../../../electron/monitor/recording/replay.ts';

/** Minutes; the clock was set back by an hour before the fourth. */
const begin = 1_000_000_000_000;
const minute = 60_000;
const times = [0, minute, 2 * minute, -58 * minute, -57 * minute].map((offset) => begin + offset);

/** Time that passes only where somebody waits for it. */
function waitingTime(): WallTime & { passed: number } {
  const wall = {
    passed: 0,
    now: () => wall.passed,
    wait: async (milliseconds: number, signal: AbortSignal) => {
      await nextTurn();
      if (!signal.aborted) wall.passed += milliseconds;
    },
  };
  return wall;
}

type Played = { readonly time: number; readonly at: number; readonly isCatchingUp: boolean };

describe('a replay', () => {
  let folder = '';
  let path = '';
  let wall = waitingTime();
  let played: Played[] = [];
  let restarts = 0;
  let replay: Replay | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
    path = join(folder, 'r.ndjson.gz');
    wall = waitingTime();
    played = [];
    restarts = 0;
  });
  afterEach(async () => {
    await replay?.stop();
    await rm(folder, { recursive: true });
  });

  const write = async (recorded: readonly number[]) => {
    const writer = await RecordingWriter.create(path);
    for (const time of recorded)
      await writer.append(`${JSON.stringify({ time, topic: 'a', payloadBase64: '', qos: 0, retain: false })}\n`);
    await writer.close();
  };
  const start = (options: Partial<ReplayOptions> = {}): Replay => {
    replay = new Replay({
      path,
      speed: 1,
      from: begin,
      until: begin + 2 * minute,
      wall,
      onMessage: ({ receivedAt }, isCatchingUp) =>
        void played.push({ time: receivedAt - begin, at: wall.passed, isCatchingUp }),
      onRestart: () => {
        restarts += 1;
        played = [];
      },
      ...options,
    });
    return replay;
  };
  const state = () => replay?.progress().state;
  const at = () => played.map((one) => Math.round(one.at));

  it.each([
    ['as it was', 1, [0, minute, 2 * minute, 2 * minute, 3 * minute]],
    ['ten times as fast', 10, [0, 6000, 12_000, 12_000, 18_000]],
    ['ten times as slow', 0.1, [0, 10 * minute, 20 * minute, 20 * minute, 30 * minute]],
    ['as fast as possible', null, [0, 0, 0, 0, 0]],
  ])('is played %s, and on without a pause where the clock was set back', async (_what, speed, expected) => {
    await write(times);
    start({ speed });
    await expect.poll(state).toBe('ended');
    expect(at()).toEqual(expected);
    expect(replay?.progress()).toMatchObject({ messages: 5, isCut: false, badLines: 0, speed });
  });

  it('takes another speed from where it is', async () => {
    await write(times.slice(0, 3));
    start({
      onMessage: ({ receivedAt }) => {
        played.push({ time: receivedAt, at: wall.passed, isCatchingUp: false });
        if (played.length === 2) replay?.setSpeed(10);
      },
    });
    await expect.poll(state).toBe('ended');
    expect(at()).toEqual([0, minute, minute + 6000]);
  });

  it('stands still while it is paused, and goes on with what was left of the pause', async () => {
    await write(times.slice(0, 3));
    start({
      onMessage: ({ receivedAt }) => {
        played.push({ time: receivedAt, at: wall.passed, isCatchingUp: false });
        if (played.length === 2) replay?.pause();
      },
    });
    await expect.poll(() => wall.passed).toBeGreaterThan(10 * minute);
    expect(replay?.progress()).toMatchObject({ state: 'paused', position: begin + minute, messages: 2 });
    const resumedAt = wall.passed;
    replay?.resume();
    await expect.poll(state).toBe('ended');
    expect(at()[2]).toBeGreaterThanOrEqual(resumedAt);
    expect(at()[2]).toBeLessThanOrEqual(resumedAt + 2 * minute);
  });

  it('goes forward by playing what leads there at once, and on from there; backward by beginning anew', async () => {
    const day = 24 * 60 * minute;
    await write([begin, begin + minute, begin + day, begin + day + minute]);
    start({ until: begin + day + minute });
    replay?.pause();
    replay?.seek(begin + day - 1000);
    await expect.poll(() => replay?.progress()).toMatchObject({ messages: 2, position: begin + day - 1000 });
    expect(played.map(({ time, isCatchingUp }) => [time, isCatchingUp])).toEqual([
      [0, true],
      [minute, true],
    ]);
    const resumedAt = wall.passed;
    replay?.resume();
    await expect.poll(state).toBe('ended');
    expect(at().slice(2)).toEqual([resumedAt + 1000, resumedAt + 1000 + minute]);

    replay?.setSpeed(null);
    replay?.seek(begin + minute);
    await expect.poll(() => [restarts, state()]).toEqual([1, 'ended']);
    expect(played.map(({ time, isCatchingUp }) => [time, isCatchingUp])).toEqual([
      [0, true],
      [minute, false],
      [day, false],
      [day + minute, false],
    ]);
    replay?.resume();
    await expect.poll(() => [restarts, state()]).toEqual([2, 'ended']);
  });

  it('tells the last place where something is missing, until it begins anew', async () => {
    const gap = { what: 'away' as const, from: begin + 1, until: begin + 2 };
    const line = JSON.stringify({ time: begin, topic: 'a', payloadBase64: '', qos: 0, retain: false });
    const writer = await RecordingWriter.create(path);
    await writer.append(`${line}\n${JSON.stringify({ missing: gap })}\n${line}\n`);
    await writer.close();
    const gaps: unknown[] = [];
    start({ speed: null, onMessage: () => void gaps.push(replay?.progress().gap) });
    await expect.poll(state).toBe('ended');
    expect(gaps).toEqual([null, gap]);
    replay?.resume();
    await expect.poll(() => [restarts, gaps.length]).toEqual([1, 4]);
    expect(gaps[2]).toBeNull();
  });

  it('of a cut file is played to where it was cut, and says so', async () => {
    await write(times.slice(0, 3));
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 15));
    start({ speed: null });
    await expect.poll(state).toBe('ended');
    expect(played.length).toBeGreaterThanOrEqual(2);
    expect(replay?.progress()).toMatchObject({ messages: played.length, isCut: true });
  });

  it('of a file that is gone has failed', async () => {
    start({ path: join(folder, 'gone') });
    await expect.poll(state).toBe('failed');
    expect(played).toEqual([]);
  });

  it('plays nothing any more once it is stopped', async () => {
    await write(times.slice(0, 3));
    const stopped = Promise.withResolvers<void>();
    start({
      onMessage: ({ receivedAt }) => {
        played.push({ time: receivedAt, at: wall.passed, isCatchingUp: false });
        void replay?.stop().then(stopped.resolve);
      },
    });
    await stopped.promise;
    expect(played).toHaveLength(1);
  });
});
