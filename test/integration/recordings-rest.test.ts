// A recording over REST, as a program makes one: from its start to its files and away again.

import { gunzipSync, gzipSync } from 'node:zlib';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RendererFiles } from '../../electron/host-common/renderer-files.ts';
import { LoopbackHost } from '../../electron/host-loopback/loopback-host.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import {
  maxImportedRecordingBytes,
  minRecordingBytes,
  type Recording,
  type Replay,
} from '../../shared/model/recording.ts';
import type { ContractClient } from '../browser/support/contract-client.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type Caller, callRest } from '../support/contract-callers.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';

const patiently = { timeout: 20_000, interval: 50 };

describe('a recording over REST', () => {
  let console: TestConsole;
  let broker: LiveBroker;
  let sender: MqttClient;
  let host: LoopbackHost;
  let origin = '';
  let bearer = '';
  let call: Caller;
  let recordingId = '';
  /** How often the connection was away while it ran. */
  let gaps = 0;

  beforeAll(async () => {
    console = await startCommissioned();
    broker = await startLiveBroker(console.client as unknown as ContractClient);
    sender = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
    const files = await RendererFiles.open('/nowhere');
    const monotonicMs = () => performance.now();
    host = new LoopbackHost({
      core: console.core,
      port: 0,
      files,
      monotonicMs,
      logger: silentLogger,
      version: '0',
      actor: 'program',
    });
    const { port, token } = await host.start();
    origin = `http://127.0.0.1:${port}`;
    bearer = token;
    call = callRest(origin, token);
  });
  afterAll(async () => {
    await sender?.endAsync(true);
    await host?.close();
    await console?.dispose();
  });

  const one = async () =>
    ((await call('recordings.list')) as Recording[]).find((row) => row.recordingId === recordingId);
  const importOf = (content: Uint8Array<ArrayBuffer>, name = 'from-elsewhere.gz') =>
    call('recordings.import', { file: new File([content], name), note: '' }) as Promise<Recording>;

  it('is started also where nobody listens yet, told of with its numbers so far, and stopped with its fingerprint', async () => {
    const { brokerId } = broker;
    await console.client.monitor.disconnect({ brokerId });
    const started = (await call('recordings.start', { brokerId, note: 'Night' })) as Recording;
    ({ recordingId } = started);
    expect(started).toMatchObject({ identity: { kind: 'console' }, filters: ['cpi/#'], ending: null });
    await expect(call('recordings.start', { brokerId })).rejects.toMatchObject({ code: 'recording/running' });
    for (const name of ['download', 'downloadCsv', 'delete'])
      await expect(call(`recordings.${name}`, { recordingId })).rejects.toMatchObject({ code: 'recording/running' });
    await expect
      .poll(async () => (await console.client.monitor.list())[0]?.connection.state, patiently)
      .toBe('connected');
    for (let i = 0; i < 3; i++) await sender.publishAsync('cpi/hall/pressure', `+${i} bar`, { qos: 1 });
    await expect.poll(one, patiently).toMatchObject({ messages: 3, dropped: 0, ending: null });
    // Whether it was there before the first connection is a matter of milliseconds; it is there now.
    await console.client.monitor.disconnect({ brokerId });
    const ended = (await call('recordings.stop', { recordingId })) as Recording;
    expect(ended).toMatchObject({ messages: 3, ending: 'stopped', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    gaps = ended.gaps ?? 0;
    expect(gaps).toBeGreaterThanOrEqual(1);
    expect(await call('recordings.setNote', { recordingId, note: 'Trial' })).toMatchObject({ note: 'Trial' });
    expect(await one()).toMatchObject({ note: 'Trial', messages: 3 });
  });

  it('is downloaded whole, as it is and as CSV', async () => {
    const file = (await call('recordings.download', { recordingId })) as File;
    expect([file.name, file.type]).toEqual([`${recordingId}.ndjson.gz`, 'application/gzip']);
    const content = await file.arrayBuffer();
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('hex');
    expect(digest).toBe((await one())?.sha256);
    const lines = gunzipSync(content)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter((line) => 'topic' in line)).toHaveLength(3);
    expect(lines).toContainEqual({ missing: { what: 'away', from: expect.any(Number), until: expect.any(Number) } });

    const response = await fetch(`${origin}/api/v1/recordings/${recordingId}/csv`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${recordingId}.csv"`);
    const [header, ...rows] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe('time,topic,qos,retain,payloadBytes,payload,payloadDataUri,missing');
    expect(rows).toHaveLength(3 + gaps);
    expect(
      rows.filter((row) => row.includes(`"'+1 bar","data:application/octet-stream;base64,${btoa('+1 bar')}"`)),
    ).toHaveLength(1);
    expect(rows.filter((row) => row.includes('the connection was away'))).toHaveLength(gaps);
  });

  it('comes in from elsewhere as a form, is played, and is deleted', async () => {
    const file = (await call('recordings.download', { recordingId })) as File;
    const imported = await importOf(new Uint8Array(await file.arrayBuffer()), 'Night shift.gz');
    expect(imported).toMatchObject({
      origin: 'imported',
      note: 'Night shift.gz',
      messages: 3,
      badLines: 0,
      dropped: null,
    });
    expect(imported).toMatchObject({ identity: null, filters: null, gaps: null });
    const replay = (await call('recordings.replay', {
      recordingId: imported.recordingId,
      target: 'monitor',
      speed: null,
    })) as Replay;
    const { replayId } = replay;
    await expect
      .poll(async () => ((await call('recordings.listReplays')) as Replay[])[0], patiently)
      .toMatchObject({ replayId, state: 'ended', messages: 3, isCut: false });
    const { from } = replay;
    expect(await call('recordings.control', { replayId, isPaused: true, seek: from })).toMatchObject({ replayId });
    await call('recordings.endReplay', { replayId });
    await expect(call('recordings.control', { replayId, seek: 0 })).rejects.toMatchObject({ code: 'replay/not-found' });
    await call('recordings.delete', { recordingId: imported.recordingId });
    await expect(call('recordings.download', imported)).rejects.toMatchObject({ code: 'recording/not-found' });
  });

  const line = (fields: object) =>
    JSON.stringify({ time: 1, topic: 'a', payloadBase64: '', qos: 0, retain: false, ...fields });
  it.each([
    ['no gzip', Buffer.from('not a recording'), 'recording/unreadable'],
    ['nothing', Buffer.alloc(0), 'recording/unreadable'],
    ['gzip that is cut in its first block', gzipSync(line({})).subarray(0, 12), 'recording/unreadable'],
    ['a line of nine megabytes', gzipSync(`${'x'.repeat(9_000_000)}\n`), 'recording/unreadable'],
    ['no message but bad ones', gzipSync(`${line({ time: -1 })}\n${line({ qos: 3 })}\n`), 'recording/unreadable'],
    ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'recording/unreadable'],
    ['more than is taken in', Buffer.alloc(maxImportedRecordingBytes + 1), 'input/invalid'],
  ])('is refused as %s, and nothing has changed', async (_what, content, code) => {
    const before = await call('recordings.list');
    await expect(importOf(new Uint8Array(content))).rejects.toMatchObject({ code });
    expect(await call('recordings.list')).toEqual(before);
  });

  it('ends by itself at the size that it was started with', async () => {
    const { brokerId } = broker;
    const started = (await call('recordings.start', { brokerId, maxBytes: minRecordingBytes })) as Recording;
    ({ recordingId } = started);
    await expect
      .poll(async () => (await console.client.monitor.list())[0]?.connection.state, patiently)
      .toBe('connected');
    const half = Buffer.alloc(minRecordingBytes / 2, 'x');
    for (let i = 0; i < 3; i++) await sender.publishAsync('cpi/hall/picture', half, { qos: 1 });
    await expect.poll(one, patiently).toMatchObject({ ending: 'full', messages: 1 });
    await call('recordings.delete', { recordingId });
  });

  it('answers what is no recording with its code', async () => {
    const unknown = { recordingId: broker.brokerId };
    for (const name of ['stop', 'download', 'downloadCsv', 'delete'])
      await expect(call(`recordings.${name}`, unknown)).rejects.toMatchObject({ code: 'recording/not-found' });
    await expect(call('recordings.stop', { recordingId: '../vault' })).rejects.toMatchObject({ code: 'input/invalid' });
  });
});
