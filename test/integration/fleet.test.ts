// How plants are told to be, by what they say over a real Mosquitto that keeps nobody apart.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FleetBroker, FleetPlant } from '../../shared/model/fleet.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type Sender, startSenders } from '../support/fleet-senders.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { describeWith } from '../support/requirements.ts';

const patiently = { timeout: 20_000, interval: 100 };

const names = ['online', 'stale', 'never seen', 'bad signature', 'replayed', 'outside', 'unsigned', 'wrong clock'];

describeWith('mosquitto')('the fleet', () => {
  let console: TestConsole;
  let broker: LiveBroker;
  const senders: Sender[] = [];
  let ahead = 0;
  const plants = new Map<string, FleetPlant>();
  let brokers: readonly FleetBroker[] = [];
  const stop = new AbortController();
  let watching: Promise<void>;

  beforeAll(async () => {
    console = await startCommissioned({ clock: { now: () => new Date(Date.now() + ahead) } });
    const { client } = console;
    broker = await startLiveBroker(client);
    senders.push(
      ...(await startSenders(
        client,
        broker,
        names.map((name) => ({ name, site: 'North' })),
      )),
    );
    watching = (async () => {
      for await (const frame of await client.fleet.watch(undefined, { signal: stop.signal })) {
        for (const plant of frame.changed) plants.set(plant.name, plant);
        for (const [name, { plantId }] of plants) if (frame.gone.includes(plantId)) plants.delete(name);
        brokers = frame.brokers;
      }
    })();
  });
  afterAll(async () => {
    stop.abort();
    await watching;
    await Promise.all(senders.map((sender) => sender.end()));
    await console?.dispose();
  });

  const senderOf = (name: string): Sender => {
    const sender = senders.find(({ plantId }) => plantId === plants.get(name)?.plantId);
    if (!sender) throw new Error(`no ${name}`);
    return sender;
  };
  const told = (name: string) => expect.poll(() => plants.get(name), patiently);

  it('begins with every plant of the register', async () => {
    await expect.poll(() => plants.size, patiently).toBe(names.length + 1);
    for (const plant of plants.values()) expect(plant).toMatchObject({ state: 'never-seen', problems: [] });
  });

  it('tells who is heard, who never was, and what is wrong with their messages', async () => {
    await senderOf('online').telemetry();
    await senderOf('bad signature').telemetry('another secret');
    const replayed = await senderOf('replayed').telemetry();
    await senderOf('replayed').say('telemetry', replayed);
    await senderOf('outside').telemetry();
    await senderOf('outside').say('firmware', 'x');
    await senderOf('unsigned').say('telemetry', '{"devices":[]}');
    await senderOf('online').alarm();

    const { brokerId } = broker;
    const alarm = { kind: 'alarm', count: 1, words: 'E7 · HIGH · Door open' };
    await told('online').toMatchObject({ state: 'online', site: 'North', brokerId, problems: [alarm] });
    await told('bad signature').toMatchObject({ state: 'never-seen', problems: [{ kind: 'bad-signature', count: 1 }] });
    await told('replayed').toMatchObject({ state: 'online', problems: [{ kind: 'replayed', count: 1 }] });
    await told('outside').toMatchObject({ state: 'online', problems: [{ kind: 'outside-topics', count: 1 }] });
    await told('unsigned').toMatchObject({ state: 'never-seen', problems: [{ kind: 'unproven', count: 1 }] });
    await told('never seen').toMatchObject({ state: 'never-seen', lastSeenAt: null, problems: [] });
    expect(plants.get('online')?.rate).toBeGreaterThan(0);
  });

  it('tells by how much a clock is off instead of calling its plant a replay, and so does the doctor', async () => {
    const { client } = console;
    const { plantId } = senderOf('wrong clock');
    for (let i = 0; i < 2; i++) await senderOf('wrong clock').telemetry(undefined, -12 * 60_000);
    const words = '12 minutes behind, or recorded messages are sent again';
    await told('wrong clock').toMatchObject({
      state: 'never-seen',
      problems: [{ kind: 'clock-off', count: 2, words }],
    });
    const { diagnosisId } = await client.doctor.diagnosePlant({ plantId });
    await expect
      .poll(async () => (await client.doctor.get({ diagnosisId })).causes, patiently)
      .toMatchObject([
        { code: 'device/clock-off', because: expect.stringContaining("it is 12 minutes behind this machine's clock") },
      ]);
    await senderOf('wrong clock').telemetry();
    await told('wrong clock').toMatchObject({ state: 'online', problems: [] });
  });

  it('says of a message that is opened that it was sent before', async () => {
    const { plantId } = senderOf('replayed');
    const topic = `cpi/${plantId}/telemetry`;
    const { brokerId } = broker;
    expect(await console.client.monitor.message({ brokerId, topic })).toMatchObject({
      signature: 'valid',
      replay: 'repeated',
    });
    const { messages } = await console.client.monitor.history({ brokerId, topic });
    const first = await console.client.monitor.pastMessage({ brokerId, topic, messageId: messages[1]?.messageId ?? 0 });
    expect(first).toMatchObject({ signature: 'valid', replay: 'fresh' });
  });

  it('counts messages of plants that are not in the register, and listens to every broker when asked', async () => {
    // What its pushes have tried does not count.
    expect(brokers[0]?.unknown).toEqual({ ids: 0, messages: 0 });
    for (let i = 0; i < 2; i++) await senderOf('online').publish('cpi/stranger/telemetry', 'x');
    await expect.poll(() => brokers[0]?.unknown, patiently).toEqual({ ids: 1, messages: 2 });
    await console.client.monitor.disconnect({ brokerId: broker.brokerId });
    await expect.poll(() => brokers[0]?.connection.state, patiently).toBe('stopped');
    await console.client.fleet.listen();
    await expect.poll(() => brokers[0]?.connection.state, patiently).toBe('connected');
  });

  it('tells who fell silent with a session, who left, and who is no more', async () => {
    await senderOf('stale').telemetry();
    await told('stale').toMatchObject({ state: 'online', staleAfterSeconds: 300 });
    await expect.poll(() => plants.get('stale')?.connected, patiently).toBe('yes');
    ahead = 10 * 60_000;
    await told('stale').toMatchObject({ state: 'stale' });
    await senderOf('replayed').end();
    ahead += 60_000;
    await told('replayed').toMatchObject({ state: 'offline', connected: 'no' });
    const { plantId } = await console.client.plants.create({ name: 'short-lived', authMethod: 'MTLS' });
    await told('short-lived').toMatchObject({ state: 'never-seen' });
    await console.client.plants.delete({ plantId });
    await expect.poll(() => plants.has('short-lived'), patiently).toBe(false);
  });
});
