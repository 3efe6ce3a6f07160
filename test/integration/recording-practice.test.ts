// A recording is played to the practice broker: who listens there hears it, and it is no plant's sign of life.

import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startCommissioned } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

const patiently = { timeout: 20_000, interval: 50 };

it('is heard by the monitor of the practice broker, and shows no plant as seen', async () => {
  const console = await startCommissioned();
  onTestFinished(() => console.dispose());
  const { practice, plants, recordings, monitor } = console.client;
  expect((await endOf(console, await practice.start())).error).toBeNull();
  const { plantId } = await plants.create({ name: 'Real', authMethod: 'MTLS' });
  const topic = `cpi/${plantId}/telemetry`;
  const line = (time: number, of: string) =>
    `${JSON.stringify({ time, topic: of, payloadBase64: 'eA==', qos: 0, retain: true })}\n`;
  const file = new File([gzipSync(line(1, topic) + line(2, '$SYS/x') + line(3, 'a/#') + line(4, topic))], 'r.gz');
  const { recordingId } = await recordings.import({ file });

  const { replayId } = await recordings.replay({ recordingId, target: 'practice', speed: null });
  const { brokerId } = await practice.get();
  const heard = () => monitor.message({ brokerId: brokerId ?? '', topic });
  await expect.poll(heard, patiently).toMatchObject({ messageCount: 2, payloadBase64: 'eA==' });
  for await (const { replays } of await recordings.running()) {
    const [replay] = replays;
    expect(replay).toMatchObject({ replayId, state: 'ended', messages: 4, skipped: 2 });
    break;
  }
  expect((await plants.get({ plantId })).lastSeenAt).toBeNull();
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
});
