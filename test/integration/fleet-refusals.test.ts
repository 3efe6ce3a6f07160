// Plants that a real Mosquitto turns away, as the fleet tells of them, also over REST. Mosquitto 2.0.11 has forgotten the
// client id when it refuses a login, and no version names who failed in TLS: there it is told where they came from.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { deviceInputSchema } from '../../shared/model/device.ts';
import type { FleetSnapshot } from '../../shared/model/fleet.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { startLoopback } from '../support/loopback.ts';
import { clientOf, knock, makeScene, type Scene } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';

const plantAddress = '127.0.0.2';
describeWith('mosquitto')('plants that are turned away', () => {
  let console: TestConsole;
  let scene: Scene;
  let ahead = 0;

  beforeAll(async () => {
    console = await startCommissioned({ clock: { now: () => new Date(Date.now() + ahead) } });
    scene = await makeScene(console);
    await push();
    await console.client.fleet.listen();
  });
  afterAll(() => console?.dispose());

  const push = async () => {
    const { jobId } = await console.client.brokers.push({ brokerId: scene.brokerId });
    for await (const job of await console.client.jobs.watch({ jobId })) expect(job.error).toBeNull();
    // What the push itself tried counts to the end of its second.
    await sleep(1000);
  };
  /** Brokers are asked every ten seconds: the clock is turned instead of waiting. */
  const fleet = async () => {
    ahead += 11_000;
    return await console.client.fleet.get({ limit: 200, offset: 0 });
  };
  const stateOf = ({ items }: FleetSnapshot, plantId: string) =>
    items.find((plant) => plant.plantId === plantId)?.state;
  const refusalsOf = ({ brokers }: FleetSnapshot) => brokers[0]?.refusals?.count ?? 0;

  test('one with a wrong password is named, or at least counted with its address', async () => {
    const before = await fleet();
    expect(refusalsOf(before)).toBe(0);
    expect(await knock(scene.stranger)).toBe('refused');
    await expect
      .poll(async () => {
        const now = await fleet();
        const named = stateOf(now, scene.stranger.plantId) === 'refused';
        return named || now.brokers[0]?.refusals;
      })
      .toSatisfy((told) => told === true || JSON.stringify(told).includes('"addresses":["127.0.0.1"]'));
  });

  test('one whose certificate was revoked is known by the address of its device', async () => {
    const { plantId } = scene.revoked;
    const login = { kind: 'password', password: 'of no use here' } as const;
    const device = deviceInputSchema.parse({ host: plantAddress, port: 22, username: 'plc', login });
    await console.client.plants.putDevice({ plantId, device });
    const { listener, identity } = clientOf(scene.revoked);
    const openStream = async () => connect({ host: '127.0.0.1', port: listener.port, localAddress: plantAddress });
    const tries = async () => (await probeConnect({ ...listener, openStream }, identity)).outcome;
    expect(await tries()).toBe('accepted');
    ahead = 0;
    await console.client.plants.revoke({ plantId });
    await push();
    expect(stateOf(await fleet(), plantId)).toBe('never-seen');
    expect(await tries()).toBe('refused');
    await expect.poll(async () => stateOf(await fleet(), plantId)).toBe('refused');
    const now = await fleet();
    expect(now.brokers[0]?.refusals).toMatchObject({ count: 1, addresses: [plantAddress] });
    expect(now.items.find((plant) => plant.plantId === plantId)).toMatchObject({
      status: 'REVOKED',
      refusedAt: expect.any(String),
      problems: [],
    });
  });

  test('and the same over REST', async () => {
    const loopback = await startLoopback(console.core);
    const get = (query: string) => loopback.call('GET', `/api/v1/fleet${query}`);
    expect((await loopback.ask('/api/v1/fleet')).status).toBe(401);
    expect((await get('')).json).toMatchObject({
      total: 4,
      cutAt: expect.any(String),
      brokers: [{ name: 'Broker in trouble' }],
    });
    expect((await get('?state=refused&query=TO%20be%20revoked')).json).toMatchObject({
      total: 1,
      items: [{ plantId: scene.revoked.plantId, state: 'refused' }],
    });
    expect((await get('?limit=1&offset=1')).json).toMatchObject({ total: 4, items: [{}] });
    expect((await get('?site=North')).json).toMatchObject({ total: 0, items: [] });
    const wrong = await get('?state=asleep');
    expect([wrong.status, wrong.json]).toMatchObject([400, { code: 'input/invalid' }]);
    const { plantId } = await console.client.plants.create({ name: 'Just made', authMethod: 'TOKEN' });
    expect((await get(`?query=${plantId}`)).json).toMatchObject({
      items: [{ name: 'Just made', state: 'never-seen' }],
    });
    await console.client.vault.lock();
    expect((await get('')).json).toMatchObject({ code: 'vault/locked' });
    await console.client.vault.unlock({ passphrase });
  });
});
