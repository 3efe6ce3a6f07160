// What a real Mosquitto sent is recorded, and played again: to the monitor, and to the practice broker.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContractClient } from '../browser/support/contract-client.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';

const patiently = { timeout: 20_000, interval: 50 };
const count = 5000;

describe('a recording', () => {
  let console: TestConsole;
  let broker: LiveBroker;
  let sender: MqttClient;
  let recordingId: string;

  beforeAll(async () => {
    console = await startCommissioned();
    broker = await startLiveBroker(console.client as unknown as ContractClient);
    sender = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
  });
  afterAll(async () => {
    await sender?.endAsync(true);
    await console?.dispose();
  });

  const running = async () => {
    for await (const now of await console.client.recordings.running()) return now;
    throw new Error('nothing was told');
  };
  const replayNow = async (replayId: string) => (await running()).replays.find((one) => one.replayId === replayId);

  it('holds every message that was heard, in a file of its owner alone, with its fingerprint', async () => {
    const { recordings } = console.client;
    const { brokerId } = broker;
    ({ recordingId } = await recordings.start({ brokerId, note: 'Night' }));
    await expect(recordings.start({ brokerId })).rejects.toMatchObject({ code: 'recording/running' });
    await expect(recordings.delete({ recordingId })).rejects.toMatchObject({ code: 'recording/running' });
    for (let i = 0; i < count; i++) {
      const userProperties = { line: String(i), both: ['a', 'b'] };
      const properties = { contentType: 'text/plain', correlationData: Buffer.from([i % 256]), userProperties };
      sender.publish(`cpi/${i % 50}/telemetry`, `value ${i}`, { qos: 0, properties });
    }
    await expect.poll(async () => (await running()).recordings[0]?.messages, patiently).toBe(count);
    const ended = await recordings.stop({ recordingId });
    expect(ended).toMatchObject({ messages: count, dropped: 0, ending: 'stopped', note: 'Night', brokerName: 'Site' });
    const folder = join(console.dataDirectory, 'recordings');
    const path = join(folder, (await readdir(folder))[0] ?? '');
    expect([(await stat(folder)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600]);
    const saved = await recordings.part({ recordingId, offset: 0 });
    expect(Buffer.from(await saved.arrayBuffer()).equals(await readFile(path))).toBe(true);
    expect(ended.bytes).toBe(saved.size);
    expect((await recordings.part({ recordingId, offset: saved.size })).size).toBe(0);
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', await saved.arrayBuffer())).toString('hex');
    expect(ended.sha256).toBe(digest);
  });

  it('is played to a monitor of its own: the same topics, payloads and properties, and no broker among the others', async () => {
    const { recordings, monitor } = console.client;
    const { replayId } = await recordings.replay({ recordingId, target: 'monitor', speed: null });
    await expect.poll(async () => (await replayNow(replayId))?.state, patiently).toBe('ended');
    expect(await replayNow(replayId)).toMatchObject({ messages: count, badLines: 0, skipped: 0, isCut: false });
    for (const topic of ['cpi/0/telemetry', 'cpi/49/telemetry']) {
      const played = await monitor.message({ brokerId: replayId, topic });
      const heard = await monitor.message({ brokerId: broker.brokerId, topic });
      expect(heard).not.toBeNull();
      expect(played).toEqual(heard);
      const past = (brokerId: string) => monitor.history({ brokerId, topic, limit: 1000, payloadBytes: 4096 });
      const played100 = (await past(replayId)).messages.map(({ messageId: _, ...message }) => message);
      expect(played100).toEqual((await past(broker.brokerId)).messages.map(({ messageId: _, ...message }) => message));
      expect(played100).toHaveLength(count / 50);
    }
    expect((await monitor.list()).map(({ brokerId }) => brokerId)).toEqual([broker.brokerId]);
    await recordings.endReplay({ replayId });
    await expect(monitor.message({ brokerId: replayId, topic: 'cpi/0/telemetry' })).rejects.toMatchObject({
      code: 'monitor/not-connected',
    });
  });

  it('is paused, goes to a time and back, and is played no further than told', async () => {
    const { recordings, monitor } = console.client;
    const { replayId, from, until } = await recordings.replay({ recordingId, target: 'monitor', speed: 0.1 });
    await recordings.control({ replayId, isPaused: true, seek: until });
    await expect.poll(async () => (await replayNow(replayId))?.messages, patiently).toBeGreaterThan(count / 2);
    expect((await replayNow(replayId))?.state).toBe('paused');
    await recordings.control({ replayId, seek: from });
    await expect.poll(async () => (await replayNow(replayId))?.messages, patiently).toBe(0);
    expect(await monitor.message({ brokerId: replayId, topic: 'cpi/0/telemetry' })).toBeNull();
    await recordings.control({ replayId, isPaused: false, speed: 100 });
    await expect.poll(async () => (await replayNow(replayId))?.messages, patiently).toBe(count);
    await recordings.endReplay({ replayId });
  });

  it('leaves as CSV, a line a message', async () => {
    let csv = '';
    for await (const piece of await console.client.recordings.csv({ recordingId })) csv += piece;
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(count + 2);
    expect(lines[1]).toMatch(/^\d{4}-.*,"cpi\/0\/telemetry",0,false,7,"value 0",/);
  });

  it('comes in from elsewhere, also one that was cut and has lines that are no message; what is none stays out', async () => {
    const { recordings } = console.client;
    const whole = new Uint8Array(await (await recordings.part({ recordingId, offset: 0 })).arrayBuffer());
    const cut = await recordings.import({ file: new File([whole.subarray(0, whole.length - 20)], 'cut.ndjson.gz') });
    expect(cut).toMatchObject({ origin: 'imported', ending: 'cut', note: 'cut.ndjson.gz' });
    expect(cut.messages).toBeGreaterThan(0);
    expect(cut.messages).toBeLessThanOrEqual(count);
    const none = recordings.import({ file: new File(['not a recording'], 'x') });
    await expect(none).rejects.toMatchObject({ code: 'recording/unreadable' });
    const { replayId } = await recordings.replay({ recordingId: cut.recordingId, target: 'monitor', speed: null });
    await expect
      .poll(() => replayNow(replayId), patiently)
      .toMatchObject({ state: 'ended', isCut: true, messages: cut.messages });
    await recordings.delete({ recordingId: cut.recordingId });
    expect(await replayNow(replayId)).toBeUndefined();
    expect(await readdir(join(console.dataDirectory, 'recordings'))).toHaveLength(1);
  });

  it('is played to no broker but the practice broker', async () => {
    const { recordings } = console.client;
    await expect(recordings.replay({ recordingId, target: 'practice' })).rejects.toMatchObject({
      code: 'replay/no-practice-broker',
    });
  });

  it('goes on when the operator disconnects and connects again, with what was heard and counted before', async () => {
    const { recordings, monitor } = console.client;
    const { brokerId } = broker;
    const topic = 'cpi/again/telemetry';
    const say = (value: string) => sender.publishAsync(topic, value, { qos: 1 });
    const only = async () => (await monitor.list())[0];
    const started = await recordings.start({ brokerId });
    await say('before');
    await expect.poll(() => monitor.message({ brokerId, topic }), patiently).toMatchObject({ preview: 'before' });
    const heard = (await only())?.heard.messages ?? 0;

    expect(await monitor.disconnect({ brokerId })).toEqual({ state: 'stopped', reason: null });
    await say('between');
    await monitor.connect({ brokerId });
    await expect.poll(async () => (await only())?.connection.state, patiently).toBe('connected');
    expect(await monitor.message({ brokerId, topic })).toMatchObject({ preview: 'before', messageCount: 1 });
    await say('after');
    await expect.poll(() => monitor.message({ brokerId, topic }), patiently).toMatchObject({ preview: 'after' });
    const { messages } = await monitor.history({ brokerId, topic });
    const values = messages.map(({ payloadBase64 }) => Buffer.from(payloadBase64, 'base64').toString());
    expect(values).toEqual(['after', 'before']);
    expect(await only()).toMatchObject({ heard: { messages: heard + 1 } });
    expect(await recordings.stop(started)).toMatchObject({ ending: 'stopped', messages: 2, gaps: 1 });
    await recordings.delete(started);
  });

  it('goes on over a monitor that keeps its filters, with a gap, and ends with one that does not', async () => {
    const { recordings, monitor } = console.client;
    const { brokerId } = broker;
    const started = await recordings.start({ brokerId });
    const row = async () => (await recordings.list()).find((one) => one.recordingId === started.recordingId);
    expect(started).toMatchObject({ filters: ['cpi/#'], identity: { kind: 'console' } });
    await monitor.connect({ brokerId, protocolVersion: 4 });
    await expect.poll(async () => (await running()).recordings[0], patiently).toMatchObject({ gaps: 1 });
    await expect.poll(async () => (await monitor.list())[0]?.connection.state, patiently).toBe('connected');
    sender.publish('cpi/x/telemetry', '1');
    await expect.poll(async () => (await running()).recordings[0]?.messages, patiently).toBe(1);
    await monitor.connect({ brokerId, filters: ['site/#'] });
    await expect.poll(row, patiently).toMatchObject({ ending: 'replaced', messages: 1, gaps: 1, filters: ['cpi/#'] });
    await monitor.connect({ brokerId, filters: ['cpi/#'] });
    await expect.poll(async () => (await monitor.list())[0]?.connection.state, patiently).toBe('connected');
    await recordings.delete(started);
  });

  it('ends when the console is locked, which is written down at the unlock', async () => {
    const { recordings, vault, audit } = console.client;
    const started = await recordings.start({ brokerId: broker.brokerId });
    sender.publish('cpi/x/telemetry', '1');
    await expect.poll(async () => (await running()).recordings[0]?.messages, patiently).toBe(1);
    await vault.lock();
    await expect.poll(() => recordings.list().catch(() => 'locked'), patiently).toBe('locked');
    await vault.unlock({ passphrase });
    const row = async () => (await recordings.list()).find((one) => one.recordingId === started.recordingId);
    await expect.poll(row, patiently).toMatchObject({ ending: 'locked', messages: 1 });
    const actions = (await audit.list({ limit: 200 })).items.map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['start', 'end', 'import', 'export', 'delete'].map((what) => `recording.${what}`)),
    );
  });
});
