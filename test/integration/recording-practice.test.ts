// A recording is played to be looked at, and to the practice broker: who listens there hears it, and it is no plant's sign
// of life, no fact of it and no reason for an alert.

import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startCommissioned } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

const patiently = { timeout: 20_000, interval: 50 };

it('is heard by the monitor of the practice broker, shows no plant as seen and raises no alarm', async () => {
  const console = await startCommissioned();
  onTestFinished(() => console.dispose());
  const { practice, plants, recordings, monitor, alerts } = console.client;
  expect((await endOf(console, await practice.start())).error).toBeNull();
  const { plantId } = await plants.create({ name: 'Real', authMethod: 'MTLS' });
  await alerts.addRule({ name: 'Alarms', brokerId: null, isEnabled: true, condition: { kind: 'alarm' } });
  const topic = `cpi/${plantId}/telemetry`;
  const line = (time: number, of: string, payload = 'x') =>
    `${JSON.stringify({ time, topic: of, payloadBase64: btoa(payload), qos: 0, retain: true })}\n`;
  const alarm = JSON.stringify({ ev: 'RAISE', alarmId: 'a-1', code: 'E7', sev: 'MAJOR', ts: Date.now() });
  const text =
    line(1, topic) + line(2, '$SYS/x') + line(3, 'a/#') + line(4, topic) + line(5, `cpi/${plantId}/alarm`, alarm);
  const { recordingId } = await recordings.import({ file: new File([gzipSync(text)], 'r.gz') });
  const replays = async () => {
    for await (const running of await recordings.running()) return running.replays;
    throw new Error('nothing was told');
  };
  const nothingIsKnown = async () => {
    expect((await plants.get({ plantId })).lastSeenAt).toBeNull();
    expect((await alerts.get()).alerts).toEqual([]);
  };

  const looked = await recordings.replay({ recordingId, target: 'monitor', speed: null });
  await expect.poll(replays, patiently).toMatchObject([{ state: 'ended', messages: 5, skipped: 0 }]);
  await nothingIsKnown();
  await recordings.endReplay(looked);

  const { replayId } = await recordings.replay({ recordingId, target: 'practice', speed: null });
  const { brokerId } = await practice.get();
  const heard = () => monitor.message({ brokerId: brokerId ?? '', topic });
  await expect.poll(heard, patiently).toMatchObject({ messageCount: 2, payloadBase64: 'eA==' });
  await expect.poll(replays, patiently).toMatchObject([{ replayId, state: 'ended', messages: 5, skipped: 2 }]);
  await nothingIsKnown();
  await recordings.endReplay({ replayId });

  // Whoever comes later is not told again what was played.
  const id = brokerId ?? '';
  await monitor.disconnect({ brokerId: id });
  await monitor.connect({ brokerId: id });
  const connection = async () => (await monitor.list()).find((one) => one.brokerId === id)?.connection.state;
  await expect.poll(connection, patiently).toBe('connected');
  const later = new File([gzipSync(line(1, 'cpi/x/later'))], 'later.gz');
  const { recordingId: laterId } = await recordings.import({ file: later });
  await recordings.replay({ recordingId: laterId, target: 'practice', speed: null });
  const laterHeard = () => monitor.message({ brokerId: id, topic: 'cpi/x/later' });
  await expect.poll(laterHeard, patiently).toMatchObject({ messageCount: 1 });
  expect(await heard()).toBeNull();
  await nothingIsKnown();
});
