// What proves over a real Mosquitto that keeps nobody apart, and so lets anybody write on a plant's topics, that a plant
// is there: its signature of now, and nothing else.

import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signMessage } from '../../electron/credentials/signatures.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { describeWith } from '../support/requirements.ts';

const patiently = { timeout: 20_000, interval: 100 };
const nonce = () => randomUUID().replaceAll('-', '');

describeWith('mosquitto')('a plant on a broker that keeps nobody apart', () => {
  let console: TestConsole;
  let broker: LiveBroker;
  let anybody: mqtt.MqttClient;

  beforeAll(async () => {
    console = await startCommissioned();
    broker = await startLiveBroker(console.client);
    anybody = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
  });
  afterAll(async () => {
    await anybody?.endAsync(true);
    await console?.dispose();
  });

  const seen = async (plantId: PlantId) => (await console.client.plants.get({ plantId })).lastSeenAt !== null;
  const say = (plantId: string, name: string, payload: string, retain = false) =>
    anybody.publishAsync(`cpi/${plantId}/${name}`, payload, { qos: 1, retain });
  const telemetry = (plantId: string, secret: string, ts: unknown) => {
    const content = { ts, n: nonce(), timestamp: 0, devices: [] };
    return JSON.stringify({ ...content, sig: signMessage('telemetry', plantId, content, secret) });
  };
  async function newPlant(name: string) {
    const { plantId } = await console.client.plants.create({ name, authMethod: 'PASSWORD' });
    const { hmacSecret } = await console.client.plants.provision({ plantId, brokerId: broker.brokerId });
    return { plantId, secret: hmacSecret };
  }

  it('is not there by what was recorded, said by the broker, or by anybody else', async () => {
    const [plant, witness] = [await newPlant('recorded'), await newPlant('witness')];
    const dayAgo = Date.now() - 86_400_000;
    await say(plant.plantId, 'telemetry', telemetry(plant.plantId, plant.secret, dayAgo));
    // The signature is over the text of the time, and is good for it as text too.
    await say(plant.plantId, 'telemetry', telemetry(plant.plantId, plant.secret, String(dayAgo)));
    await say(plant.plantId, 'telemetry', telemetry(plant.plantId, 'x'.repeat(48), Date.now()));
    await say(plant.plantId, 'telemetry', '{"devices":[]}');
    await say(plant.plantId, 'status', 'online', true);
    await say(plant.plantId, 'status', 'offline');
    await say(witness.plantId, 'telemetry', telemetry(witness.plantId, witness.secret, Date.now()));
    await expect.poll(() => seen(witness.plantId), patiently).toBe(true);
    expect(await seen(plant.plantId)).toBe(false);
  });

  it('is there by its first message once it is in the register, though it was heard before and nobody looks', async () => {
    const plantId = randomUUID();
    for (let i = 0; i < 3; i++) await say(plantId, 'telemetry', '{}');
    const created = await console.client.plants.create({
      plantId: plantId as PlantId,
      name: 'late',
      authMethod: 'PASSWORD',
    });
    const { hmacSecret } = await console.client.plants.provision({
      plantId: created.plantId,
      brokerId: broker.brokerId,
    });
    const saySigned = async () => {
      await say(plantId, 'telemetry', telemetry(plantId, hmacSecret, Date.now()));
      return seen(created.plantId);
    };
    await expect.poll(saySigned, patiently).toBe(true);
  });

  it('is there after the console was locked and unlocked', async () => {
    const plant = await newPlant('after the lock');
    await console.client.vault.lock();
    await console.client.vault.unlock({ passphrase });
    const connected = async () => (await console.client.monitor.connect({ brokerId: broker.brokerId })).state;
    await expect.poll(connected, patiently).toBe('connected');
    await say(plant.plantId, 'telemetry', telemetry(plant.plantId, plant.secret, Date.now()));
    await expect.poll(() => seen(plant.plantId), patiently).toBe(true);
  });
});
