import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tap } from '../../../electron/core/live-monitors.ts';
import { LiveRecordings } from '../../../electron/core/live-recordings.ts';
import { Monitor } from '../../../electron/monitor/monitor.ts';
import type { OperationContext } from '../../../electron/operations/context.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { defaultMonitorSettings, type MonitorSettings } from '../../../shared/model/monitor-settings.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow } from '../../support/vault-rows.ts';

const wish = { maxBytes: 1_000_000, note: 'Night' };
const broker = brokerRow('1');
const { brokerId } = broker;

/** A monitor that is connected when a test says so. */
function monitorOf(): { monitor: Monitor; connect: () => void } {
  let connect = () => {};
  const monitor = new Monitor({
    source: ({ onState }) => {
      connect = () => onState({ state: 'connected', reason: null });
      return { start: () => {}, stop: async () => onState({ state: 'stopped', reason: null }) };
    },
    clock: systemClock,
    logger: silentLogger,
    checkSignature: () => 'unknown',
  });
  return { monitor, connect };
}

describe('recordings that run', () => {
  let folder = '';
  let context: OperationContext;
  let isLocked = false;
  let taps: Set<Tap>;
  let live = monitorOf();
  let settings: MonitorSettings = defaultMonitorSettings;
  let recordings: LiveRecordings;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    context = contextOver((await createVault()).vault);
    isLocked = false;
    taps = new Set();
    live = monitorOf();
    settings = defaultMonitorSettings;
    recordings = new LiveRecordings({
      folder,
      monitors: {
        require: () => live.monitor,
        tap: (id, tap) => {
          if (id !== brokerId) throw new ConsoleError('monitor/not-connected');
          taps.add(tap);
          tap.onMonitor(live.monitor, settings);
          return () => taps.delete(tap);
        },
      },
      clock: systemClock,
      logger: silentLogger,
      context: () => (isLocked ? undefined : context),
    });
  });
  afterEach(async () => {
    await recordings.close();
    await rm(folder, { recursive: true });
  });

  const turnTo = (next: MonitorSettings) => {
    live = monitorOf();
    settings = next;
    for (const tap of taps) tap.onMonitor(live.monitor, settings);
  };
  const row = () => context.vault.recordings.list()[0];

  it('do not begin when the vault is locked while the file is made, and leave none', async () => {
    const starting = recordings.start(context, broker, wish);
    isLocked = true;
    await expect(starting).rejects.toMatchObject({ code: 'vault/locked' });
    expect(await readdir(folder)).toEqual([]);
    expect([taps.size, recordings.areRunning(), row()]).toEqual([0, false, undefined]);
    isLocked = false;
    expect(await recordings.start(context, broker, wish)).toMatchObject({ note: 'Night', ending: null });
  });

  it('leave no file when their row cannot be written', async () => {
    settings = { ...defaultMonitorSettings, identity: { kind: 'credential', credentialId: 'gone' } };
    await expect(recordings.start(context, broker, wish)).rejects.toMatchObject({ code: 'credential/not-found' });
    expect([await readdir(folder), taps.size, recordings.areRunning()]).toEqual([[], 0, false]);
  });

  it('go on over a monitor that begins anew as it was, which is a gap', async () => {
    live.connect();
    const { recordingId } = await recordings.start(context, broker, wish);
    turnTo({ ...defaultMonitorSettings, protocolVersion: 4 });
    expect(recordings.list()).toMatchObject([{ recordingId, gaps: 1 }]);
    live.connect();
    expect(await recordings.stop(context, recordingId)).toMatchObject({ ending: 'stopped', gaps: 1 });
  });

  it.each([
    ['other filters', { filters: ['site/#'] }],
    ['what the broker says of itself', { includeSys: true }],
    ['another identity', { identity: { kind: 'credential' as const, credentialId: '1' } }],
  ])('end when the monitor turns to %s, and keep what they were made of', async (_what, change) => {
    live.connect();
    await recordings.start(context, broker, wish);
    turnTo({ ...defaultMonitorSettings, ...change });
    await expect.poll(row).toMatchObject({ ending: 'replaced' });
    expect(row()).toMatchObject({ filters: ['cpi/#'], identity: { kind: 'console' }, gaps: 0, dropped: 0 });
    expect(recordings.areRunning()).toBe(false);
  });

  it('say that also what the broker says of itself was listened to', async () => {
    settings = { ...defaultMonitorSettings, includeSys: true };
    await recordings.start(context, broker, wish);
    expect(row()).toMatchObject({ filters: ['cpi/#', '$SYS/#'] });
  });
});
