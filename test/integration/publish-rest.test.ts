// Publishing by a program, over HTTP, to a real Mosquitto that keeps nobody apart: the guard holds there as well, forged
// acknowledgements are none, and retained messages are deleted as they were listed or left alone.

import { connect } from 'node:net';
import { Duplex, Transform } from 'node:stream';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signMessage } from '../../electron/credentials/signatures.ts';
import { lookAtRetained } from '../../electron/monitor/retained-topics.ts';
import type { Job } from '../../shared/model/job.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import type { OutgoingMessage, PublishCheck, PublishTemplate, RetainedList } from '../../shared/model/publish.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { startLoopback } from '../support/loopback.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('mosquitto')('publishing over REST', () => {
  let console: TestConsole;
  let broker: LiveBroker;
  let plant: ProvisioningPackage;
  /** Anybody who may write everywhere. */
  let other: MqttClient;

  beforeAll(async () => {
    console = await startCommissioned();
    broker = await startLiveBroker(console.client);
    const { plantId } = await console.client.plants.create({ name: 'Hall 3', authMethod: 'PASSWORD' });
    plant = await console.client.plants.provision({ plantId, brokerId: broker.brokerId });
    await console.client.plants.activate({ plantId });
    other = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
  }, 60_000);
  afterAll(async () => {
    await other?.endAsync();
    await console?.dispose();
  });

  const rest = async () => {
    const loopback = await startLoopback(console.core);
    const ask = async <T>(method: string, path: string, body?: unknown) => {
      const { status, json } = await loopback.call(method, `/api/v1${path}`, body);
      return { status, json: json as T };
    };
    const post = <T>(path: string, body: unknown) => ask<T>('POST', `/brokers/${broker.brokerId}${path}`, body);
    const list = (filter: string) => post<RetainedList>('/retained/list', { filter });
    const startDeleting = async (filter: string, { confirmation }: RetainedList): Promise<string> => {
      const { status, json } = await post<{ jobId: string }>('/retained/delete', { filter, confirmation });
      expect(status).toBe(202);
      return json.jobId;
    };
    const endOf = async (jobId: string): Promise<Job> => {
      for (;;) {
        const { json } = await ask<Job>('GET', `/jobs/${jobId}`);
        if (json.state !== 'running') return json;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    return { ask, post, list, startDeleting, endOf };
  };
  const message = (topic: string, text: string): OutgoingMessage => ({
    topic,
    payloadBase64: Buffer.from(text).toString('base64'),
    qos: 1,
    retain: false,
  });
  const keep = async (topics: readonly string[], payload = 'kept') => {
    await Promise.all(topics.map((topic) => other.publishAsync(topic, payload, { qos: 1, retain: true })));
  };
  const numbered = (branch: string, count: number) => Array.from({ length: count }, (_, i) => `${branch}/${i}`);
  /** What a new subscriber is sent, by topic. Whatever else is kept comes before the mark. */
  const keptUnder = async (filter: string) => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      ...broker.login,
      clientId: 'a new subscriber',
    });
    const kept = new Map<string, string>();
    const through = Promise.withResolvers<void>();
    client.on('message', (topic, payload) => {
      if (topic.startsWith('$SYS/')) through.resolve();
      else kept.set(topic, payload.toString());
    });
    await client.subscribeAsync(filter);
    await client.subscribeAsync('$SYS/broker/version');
    await through.promise;
    await client.endAsync();
    return kept;
  };

  it('reaches a live plant only with the confirmation', async () => {
    const { post } = await rest();
    const toPlant = message(plantTopic(plant.plantId, 'config'), '{}');
    expect(await post('/messages', { message: toPlant })).toMatchObject({
      status: 409,
      json: { code: 'publish/not-confirmed' },
    });
    const { json: check } = await post<PublishCheck>('/messages/check', { message: toPlant });
    expect(check).toMatchObject({ livePlants: ['Hall 3'], confirmation: expect.any(String) });
    const confirmed = { message: toPlant, confirmation: check.confirmation };
    expect(await post('/messages', confirmed)).toMatchObject({ status: 200, json: { result: 'accepted' } });
    expect(await post('/messages', confirmed)).toMatchObject({ status: 409 });
    expect(await post('/messages', { message: message('hall/lamp', 'on') })).toMatchObject({ status: 200 });
  });

  it.each([
    ['a response topic with a wildcard', { responseTopic: 'a/#' }],
    ['text with NUL', { contentType: 'a\0b' }],
    ['an expiry below zero', { messageExpiryInterval: -1 }],
    ['an expiry beyond four bytes', { messageExpiryInterval: 4_294_967_296 }],
  ])('refuses %s, which would end the session', async (_what, properties) => {
    const { post } = await rest();
    expect(await post('/messages', { message: { ...message('hall/lamp', 'on'), properties } })).toMatchObject({
      status: 400,
      json: { code: 'input/invalid' },
    });
  });

  it('follows a command past forged acknowledgements to the one that the plant signed', async () => {
    const { post } = await rest();
    const topic = plantTopic(plant.plantId, 'command');
    await other.subscribeAsync(topic, { qos: 1 });
    let wasRetained: boolean | undefined;
    other.on('message', (heard, payload, { retain }) => {
      if (heard !== topic) return;
      wasRetained = retain;
      const { cmdId } = JSON.parse(payload.toString()) as { cmdId: string };
      const say = (ack: object) => other.publish(plantTopic(plant.plantId, 'ack'), JSON.stringify(ack), { qos: 1 });
      const ack = { cmdId, st: 'ERROR', err: 'LOW_SOC', ts: Date.now(), n: 'abcdef0123456789' };
      for (let i = 0; i < 7; i++) say({ ...ack, st: 'OK', err: undefined, sig: '0'.repeat(64) });
      say({ cmdId, st: 'OK' });
      say({ ...ack, sig: signMessage('ack', plant.plantId, ack, plant.hmacSecret) });
    });
    const command = { plantId: plant.plantId, type: 'CHARGE', parameters: {} };
    expect(await post('/commands', { command })).toMatchObject({ status: 409 });
    const { json: check } = await post<PublishCheck>('/commands/check', { command });
    const { status, json } = await post<{ progress: { state: string }[] }>('/commands', {
      command,
      confirmation: check.confirmation,
    });
    expect(status).toBe(200);
    expect(json.progress[0]).toMatchObject({ state: 'published', answer: { result: 'accepted' } });
    expect(json.progress.at(-1)).toMatchObject({
      state: 'acknowledged',
      outcome: 'rejected',
      detail: 'LOW_SOC',
      signature: 'valid',
    });
    expect(json.progress.slice(1, -1).at(-1)).toMatchObject({ state: 'doubted', count: expect.any(Number) });
    expect(wasRetained).toBe(false);
  });

  it('refuses a command that would be larger than a message may be', async () => {
    const { post } = await rest();
    const command = { plantId: plant.plantId, type: 'SCHEDULE', parameters: { slots: 'x'.repeat(8000) } };
    expect(await post('/commands/check', { command })).toMatchObject({ status: 400, json: { code: 'input/invalid' } });
  });

  it('says why a plant without a secret cannot be commanded', async () => {
    const { post } = await rest();
    const { plantId } = await console.client.plants.create({ name: 'No secret yet', authMethod: 'PASSWORD' });
    const command = { plantId, type: 'GET_INFO', parameters: {} };
    for (const path of ['/commands/check', '/commands']) {
      expect(await post(path, { command })).toMatchObject({ status: 409, json: { code: 'publish/no-secret' } });
    }
  });

  it('deletes thousands of retained messages, and nothing else', async () => {
    const { list, startDeleting, endOf } = await rest();
    await keep([...numbered('many/a', 1200), 'many', 'manyfold/a', 'beside']);
    const { json: found } = await list('many/#');
    // Beyond a thousand, Mosquitto may leave some out.
    expect(found).toMatchObject({ isCut: false, mayBeIncomplete: true });
    expect(found.topics).toHaveLength(1201);
    const job = await endOf(await startDeleting('many/#', found));
    expect(job).toMatchObject({ state: 'succeeded', error: null });
    expect(job.steps.map(({ name }) => name)).toContain('Delete 1001 to 1201 of 1201');
    expect([...(await keptUnder('many/#'))]).toEqual([]);
    expect([...(await keptUnder('#')).keys()].sort()).toEqual(['beside', 'manyfold/a']);
  });

  /** A look by a way that holds the broker's words back for a while, in the middle of its list. */
  const lookOverSlowWay = (filter: string, stallMs: number) =>
    lookAtRetained(
      {
        ...{ host: '127.0.0.1', port: broker.port, clientId: 'looks', protocolVersion: 5 },
        ...{ username: broker.login.username, password: broker.login.password },
        way: {
          open: async () => {
            const socket = connect(broker.port, '127.0.0.1');
            let heard = 0;
            const slow = new Transform({
              transform(chunk: Buffer, _encoding, pass) {
                const middle = heard < 3000 ? 3000 - heard : chunk.length;
                heard += chunk.length;
                if (heard < 3000 || middle >= chunk.length) return pass(null, chunk);
                this.push(chunk.subarray(0, middle));
                setTimeout(() => pass(null, chunk.subarray(middle)), stallMs);
              },
            });
            return Duplex.from({ readable: socket.pipe(slow), writable: socket });
          },
          close: () => {},
        },
      },
      5,
      filter,
    );

  it('lists all of it where the way stalls in the middle, or says that it may be less', async () => {
    await keep(numbered('stalled', 200), 'x'.repeat(100));
    const whole = await lookOverSlowWay('stalled/#', 1000);
    await whole.end();
    expect(whole).toMatchObject({ mayBeIncomplete: false });
    expect(whole.topics).toHaveLength(200);
    const partial = await lookOverSlowWay('stalled/#', 3000);
    await partial.end();
    expect(partial.topics.length).toBeLessThan(200);
    expect(partial).toMatchObject({ mayBeIncomplete: true });
  });

  it('notices what is published while it looks, and no deletion', async () => {
    await keep(['watched/a', 'watched/b']);
    const look = await lookOverSlowWay('watched/#', 0);
    await keep(['watched/b'], '');
    await keep(['watched/a']);
    await expect.poll(() => [...look.publishedSince]).toEqual(['watched/a']);
    await look.end();
  });

  it('leaves alone what was published after it was listed, and says so', async () => {
    const { list, startDeleting, endOf } = await rest();
    await keep(['changing/a', 'changing/b', 'changing/gone']);
    const { json: found } = await list('changing/#');
    expect(found.mayBeIncomplete).toBe(false);
    await keep(['changing/b', 'changing/new'], 'other');
    await keep(['changing/gone'], '');
    const { error } = await endOf(await startDeleting('changing/#', found));
    expect(error?.code).toBe('publish/retained-changed');
    expect(error?.detail).toMatch(/1 published anew, 1 that were not listed/);
    expect(Object.fromEntries(await keptUnder('changing/#'))).toEqual({
      'changing/b': 'other',
      'changing/new': 'other',
    });
  });

  it('ends a deletion where it is when it is cancelled', async () => {
    const { ask, list, startDeleting, endOf } = await rest();
    await keep(numbered('long', 2000));
    const { json: found } = await list('long/#');
    const jobId = await startDeleting('long/#', found);
    const cancel = () => ask('POST', `/retained-deletions/${jobId}/cancel`);
    expect((await cancel()).status).toBe(204);
    const { error } = await endOf(jobId);
    expect(error?.code).toBe('publish/deletion-cancelled');
    const deleted = Number(/(\d+) were deleted/.exec(error?.detail ?? '')?.[1]);
    expect((await keptUnder('long/#')).size).toBe(2000 - deleted);
    expect(await cancel()).toMatchObject({ status: 404, json: { code: 'publish/no-deletion' } });
  });

  it.each(['$SYS/#', '$CONTROL/#', 'a/#/b', ''])('lists and deletes nothing under %j', async (filter) => {
    const { list } = await rest();
    expect(await list(filter)).toMatchObject({ status: 400, json: { code: 'input/invalid' } });
  });

  it('keeps templates, and no secret in them', async () => {
    const { ask } = await rest();
    const content = { name: 'Lamp', topic: 'hall/lamp', payload: 'on', encoding: 'text', qos: 1, retain: false };
    const { json: saved } = await ask<PublishTemplate>('POST', '/publish-templates', content);
    const { templateId } = saved;
    const edited = { ...content, templateId, payload: 'off' };
    expect(await ask('POST', '/publish-templates', edited)).toMatchObject({ status: 200, json: { payload: 'off' } });
    const path = `/publish-templates/${templateId}`;
    expect(await ask('PATCH', path, { name: 'Light' })).toMatchObject({ status: 200 });
    for (const change of [
      { payload: '{"password":"hunter2"}' },
      { payload: Buffer.from('-----BEGIN PRIVATE KEY-----').toString('hex'), encoding: 'hex' },
      { properties: { userProperties: [['hmacSecret', 'x'.repeat(48)]] } },
    ]) {
      const refused = await ask('POST', '/publish-templates', { ...edited, ...change });
      expect(refused).toMatchObject({ status: 422, json: { code: 'publish/template-secret' } });
    }
    const { json: all } = await ask<PublishTemplate[]>('GET', '/publish-templates');
    expect(all).toMatchObject([{ templateId, name: 'Light', payload: 'off' }]);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', '/publish-templates')).json).toEqual([]);
  });

  it('goes over a session that a program begins and ends', async () => {
    const { post } = await rest();
    await post('/monitor/disconnect', {});
    const lamp = { message: message('hall/lamp', 'on') };
    expect(await post('/messages', lamp)).toMatchObject({ status: 409, json: { code: 'monitor/not-connected' } });
    await expect
      .poll(async () => (await post<{ state: string }>('/monitor/connect', {})).json.state, { timeout: 10_000 })
      .toBe('connected');
    expect(await post('/messages', lamp)).toMatchObject({ status: 200 });
  });
});
