// Campaigns over a fleet of real parts: an OpenSSH server that all devices are directories of, a Mosquitto of the
// console's own, and PLCs that read what was brought to them.

import { access, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Campaign, campaignSettingsSchema } from '../../shared/model/campaign.ts';
import type { AuthMethod, PlantId } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { entryOf } from '../support/device-entry.ts';
import { addFieldPlant, campaignEnd, type FieldPlant, startFieldPlc } from '../support/fleet.ts';
import { endOf } from '../support/jobs.ts';
import { freePort } from '../support/processes.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';

let console: TestConsole;
let server: SshDevice;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  console = await startCommissioned();
  cleanUp.push(() => console.dispose());
  // One more that has not logged in yet is turned away; sshd counts a client for a moment after its login.
  server = await startSshd({ lines: ['MaxStartups 6:100:6'] });
  cleanUp.push(() => server.stop());
});
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const add = (name: string, authMethod?: AuthMethod) => addFieldPlant(console, server, name, authMethod);
const addMany = async (count: number): Promise<FieldPlant[]> => {
  const plants: FieldPlant[] = [];
  for (let index = 0; index < count; index += 1) plants.push(await add(`Plant ${index}`));
  return plants;
};
const settings = (change: Partial<Campaign> = {}) =>
  campaignSettingsSchema.parse({ name: 'Spring rotation', verify: null, ...change });
const plan = (plants: readonly FieldPlant[], change: Partial<Campaign> = {}) =>
  console.client.campaigns.create({
    selection: { kind: 'plants', plantIds: plants.map(({ plantId }) => plantId) },
    settings: settings(change),
  });
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const rowsOf = async (campaignId: string) => (await console.client.campaigns.get({ campaignId })).rows;
const byName = (a: { plantName: string }, b: { plantName: string }) => a.plantName.localeCompare(b.plantName);
const states = async (plantId: PlantId) =>
  (await console.client.plants.credentials({ plantId })).map(({ state }) => state);
const run = async (plants: readonly FieldPlant[], change: Partial<Campaign> = {}) => {
  const { campaignId } = await plan(plants, change);
  await console.client.campaigns.start({ campaignId });
  return await campaignEnd(console, campaignId);
};

describeWith(
  'mosquitto',
  'sshd',
  'ssh-keygen',
)('a campaign', () => {
  it('brings first credentials and then the next ones, and retires the old when the plants are heard', async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    const plants = [await add('One', 'MTLS'), await add('Three', 'PASSWORD'), await add('Two', 'MTLS')];
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();

    expect(await run(plants)).toMatchObject({ state: 'finished', counts: { done: 3, failed: 0 }, problem: null });
    for (const plant of plants) {
      const plc = await startFieldPlc(plant);
      cleanUp.push(() => plc.stop());
      expect(plc.plc.state()).toMatchObject({ state: 'connected' });
      await client.plants.activate({ plantId: plant.plantId });
    }

    const rotated = await run(plants, { verify: { seconds: 60, otherwise: 'rollBack' } });
    expect((await rowsOf(rotated.campaignId)).toSorted(byName)).toEqual(
      plants.map(({ plantId }) =>
        expect.objectContaining({ plantId, state: 'done', outcome: 'verified', attempts: 1, error: null }),
      ),
    );
    for (const { plantId } of plants) {
      expect(await states(plantId)).toEqual(['active', 'superseded']);
      expect((await client.plants.get({ plantId })).deployment).toBe('matched');
    }
    // Brokers were told last: the two certificates that were replaced are on the CRL that they have, beside the probes'.
    expect(await client.brokers.look({ brokerId })).toMatchObject({ pushPending: false });
    expect((await client.authority.get()).crl.revokedCount).toBe(3);
  });

  it('puts the old files back where a plant is not heard, retires nothing there, and gets it done at the next try', async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    const plant = await add('Deaf', 'PASSWORD');
    await client.brokers.push({ brokerId }).then((job) => endOf(console, job));
    await run([plant]);
    await client.plants.activate({ plantId: plant.plantId });
    const held = await readFile(`${plant.directory}/credentials.json`, 'utf8');

    const campaign = await run([plant], { verify: { seconds: 6, otherwise: 'rollBack' } });
    expect(campaign).toMatchObject({ state: 'finished', counts: { failed: 1 } });
    expect(await rowsOf(campaign.campaignId)).toMatchObject([{ error: { code: 'device/rolled-back' } }]);
    expect(await readFile(`${plant.directory}/credentials.json`, 'utf8')).toBe(held);
    expect(await states(plant.plantId)).toEqual(['issued', 'active']);
    // The broker knows the old password again.
    const plc = await startFieldPlc(plant);
    cleanUp.push(() => plc.stop());
    expect(plc.plc.state()).toMatchObject({ state: 'connected' });

    const { campaignId } = campaign;
    await client.campaigns.retryFailed({ campaignId });
    await client.campaigns.start({ campaignId });
    expect(await campaignEnd(console, campaignId)).toMatchObject({ counts: { done: 1 } });
    expect(await rowsOf(campaignId)).toMatchObject([{ attempts: 2, outcome: 'verified' }]);
    expect(await states(plant.plantId)).toEqual(['active', 'superseded']);
  });

  it('confirms what was left on a device without touching its files again', async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    const plant = await add('Slow');
    await client.brokers.push({ brokerId }).then((job) => endOf(console, job));
    const campaign = await run([plant], { verify: { seconds: 1, otherwise: 'keep' } });
    const { campaignId } = campaign;
    expect(await rowsOf(campaignId)).toMatchObject([{ state: 'failed', error: { code: 'device/no-session' } }]);
    const held = await readFile(`${plant.directory}/device.crt`, 'utf8');

    const plc = await startFieldPlc(plant);
    cleanUp.push(() => plc.stop());
    await client.campaigns.retryFailed({ campaignId });
    await client.campaigns.start({ campaignId });
    expect(await campaignEnd(console, campaignId)).toMatchObject({ state: 'finished', counts: { done: 1 } });
    expect(await readFile(`${plant.directory}/device.crt`, 'utf8')).toBe(held);
    expect(await states(plant.plantId)).toEqual(['active']);
  });

  it('never opens a fifth handshake to one host, however many devices it may work on', async () => {
    const plants = await addMany(24);
    expect(await run(plants, { parallel: 24 })).toMatchObject({ counts: { done: 24, failed: 0 } });
  });

  it('leaves one that cannot be reached for later and goes on with the others', async () => {
    const { client } = console;
    const plants = [await add('Near'), await add('Far'), await add('Also near')];
    const far = plants[1] as FieldPlant;
    const entry = entryOf(server, { directory: far.directory });
    await client.plants.putDevice({ plantId: far.plantId, device: { ...entry, port: await freePort() } });
    await client.plants.confirmHostKey({ plantId: far.plantId, fingerprint: server.fingerprint });

    const campaign = await run(plants);
    expect(campaign).toMatchObject({ state: 'finished', counts: { done: 2, failed: 1 } });
    const row = (await rowsOf(campaign.campaignId)).find(({ plantId }) => plantId === far.plantId);
    expect(row).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'remote/unreachable' } });

    await client.plants.putDevice({ plantId: far.plantId, device: entry });
    await client.plants.confirmHostKey({ plantId: far.plantId, fingerprint: server.fingerprint });
    await client.campaigns.retryFailed({ campaignId: campaign.campaignId });
    await client.campaigns.start({ campaignId: campaign.campaignId });
    expect(await campaignEnd(console, campaign.campaignId)).toMatchObject({ counts: { done: 3, failed: 0 } });
    // The credential of the first try was brought, none was issued for nothing.
    expect(await states(far.plantId)).toEqual(['deployed']);
  });

  it('begins nothing new while it is paused, and goes on', async () => {
    const { client } = console;
    const plants = await addMany(6);
    const { campaignId } = await plan(plants, { parallel: 1 });
    await client.campaigns.start({ campaignId });
    expect(await client.campaigns.pause({ campaignId })).toMatchObject({ state: 'paused', pausedBecause: 'operator' });
    const paused = await campaignEnd(console, campaignId);
    expect(paused.counts.waiting).toBeGreaterThanOrEqual(5);
    await expect(client.campaigns.pause({ campaignId })).rejects.toMatchObject({ code: 'campaign/wrong-state' });
    await client.campaigns.start({ campaignId });
    // Paused and started again before the plant that was under way has ended.
    await client.campaigns.pause({ campaignId });
    await client.campaigns.start({ campaignId });
    expect(await campaignEnd(console, campaignId)).toMatchObject({ state: 'finished', counts: { done: 6 } });
    expect((await rowsOf(campaignId)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('waits for its change window, and begins nothing once it is over', async () => {
    const { client } = console;
    const plant = await add('One');
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const { campaignId } = await plan([plant], { notBefore: inMs(2_500) });
    await client.campaigns.start({ campaignId });
    expect((await client.campaigns.get({ campaignId })).counts).toMatchObject({ waiting: 1 });
    const { finishedAt, notBefore } = await campaignEnd(console, campaignId);
    expect(String(finishedAt) > String(notBefore)).toBe(true);

    const late = await plan([await add('Two')], { notAfter: inMs(-1_000) });
    await expect(client.campaigns.start(late)).rejects.toMatchObject({ code: 'campaign/window-over' });
    const plants = await addMany(12);
    const short = await plan(plants, { parallel: 1, notAfter: inMs(1_000) });
    await client.campaigns.start(short);
    const ended = await campaignEnd(console, short.campaignId);
    expect(ended).toMatchObject({ state: 'paused', pausedBecause: 'windowOver' });
    expect(ended.counts.waiting).toBeGreaterThan(0);
  });

  it('skips what it has not begun when it is cancelled, and plants that were revoked or forgotten meanwhile', async () => {
    const { client } = console;
    const plants = [await add('One'), await add('Revoked'), await add('Forgotten')];
    const campaign = await plan(plants);
    await client.plants.revoke({ plantId: (plants[1] as FieldPlant).plantId });
    await client.plants.delete({ plantId: (plants[2] as FieldPlant).plantId });
    await client.campaigns.start(campaign);
    expect(await campaignEnd(console, campaign.campaignId)).toMatchObject({ counts: { done: 1, skipped: 2 } });

    const other = await plan([plants[0] as FieldPlant]);
    expect(await client.campaigns.cancel(other)).toMatchObject({ state: 'cancelled', counts: { skipped: 1 } });
    await expect(client.campaigns.start(other)).rejects.toMatchObject({ code: 'campaign/wrong-state' });
  });

  /** Two plants of which the first is held up on its device, with the vault locked meanwhile and opened again. */
  async function lockedInTheMiddle() {
    const { client } = console;
    const plants = [await add('Held up'), await add('Waiting')];
    const campaign = await plan(plants, { parallel: 1 });
    const hanging = `${server.base}/hanging`;
    await server.standIn?.(
      'chmod',
      (real) => `if [ ! -e ${hanging} ]; then touch ${hanging}; while [ ! -e ${hanging}-over ]; do sleep 0.1; done; fi
exec ${real} "$@"`,
    );
    await client.campaigns.start(campaign);
    await until(() => isThere(hanging));
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    const stopped = { state: 'paused', pausedBecause: 'consoleStopped', counts: { deploying: 1, waiting: 1 } };
    expect(await client.campaigns.get(campaign)).toMatchObject(stopped);
    return { campaign, plants, letGo: () => writeFile(`${hanging}-over`, '') };
  }

  it('goes on after the vault was locked in the middle, issues nothing twice, and waits for what was under way', async () => {
    const { client } = console;
    const { campaign, plants, letGo } = await lockedInTheMiddle();
    await client.campaigns.start(campaign);
    await letGo();
    expect(await campaignEnd(console, campaign.campaignId)).toMatchObject({
      state: 'finished',
      counts: { done: 2, failed: 0 },
    });
    for (const { plantId } of plants) expect(await states(plantId)).toEqual(['deployed']);
  });

  it('leaves nothing in the middle when it is cancelled after it was cut off', async () => {
    const { client } = console;
    const { campaign, plants, letGo } = await lockedInTheMiddle();
    expect(await client.campaigns.cancel(campaign)).toMatchObject({ counts: { failed: 1, skipped: 1, deploying: 0 } });
    expect((await rowsOf(campaign.campaignId))[0]).toMatchObject({ error: { code: 'campaign/cut-off' } });
    await letGo();
    // The device ends what it was at, and the console learns it by a look.
    const plantId = (plants[0] as FieldPlant).plantId;
    await until(async () => {
      await endOf(console, await client.devices.scan({ plantIds: [plantId] }));
      return (await client.plants.get({ plantId })).deployment === 'onDevice';
    });
  });
});
