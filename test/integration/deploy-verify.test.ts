// A rotation on the practice plant, whose PLC signs what it says: which messages prove the new credential, and what
// happens when none does.

import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlantId } from '../../shared/model/plant.ts';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { until } from '../support/until.ts';

let console: TestConsole;
let plantId: PlantId;

beforeAll(async () => {
  console = await startConsole();
  const { client } = console;
  await client.vault.create({ passphrase });
  expect((await endOf(console, await client.practice.start())).error).toBeNull();
  const plants = await client.plants.list({ authMethod: 'PASSWORD' });
  plantId = plants.items[0]?.plantId as PlantId;
});
afterAll(() => console.dispose());

const states = async () => (await console.client.plants.credentials({ plantId })).map(({ state }) => state);
const held = async () => {
  const { directory = '' } = (await console.client.plants.getDevice({ plantId })) ?? {};
  return await readFile(`${directory}/credentials.json`, 'utf8');
};
const deploymentOf = async () => (await console.client.plants.get({ plantId })).deployment;

it('takes no message over the old credential for a proof, and puts the old files back', async () => {
  const { client } = console;
  expect(await deploymentOf()).toBe('matched');
  const before = await held();
  await client.plants.rotate({ plantId });
  expect(await deploymentOf()).toBe('inVault');
  // The PLC goes on speaking every two seconds, signed by what it read when it started.
  await expect.poll(async () => (await client.plants.get({ plantId })).lastSeenAt).not.toBeNull();
  const job = await client.plants.deploy({ plantId, verify: { seconds: 5, otherwise: 'rollBack' } });
  expect((await endOf(console, job)).error?.code).toBe('device/rolled-back');
  expect(await held()).toBe(before);
  expect(await deploymentOf()).toBe('inVault');
  expect(await states()).toEqual(['issued', 'active', 'superseded'].slice(0, (await states()).length));
});

it('keeps both in force when nobody was heard and nothing was to be put back', async () => {
  const { client } = console;
  const before = await held();
  const job = await client.plants.deploy({ plantId, verify: { seconds: 1, otherwise: 'keep' } });
  expect((await endOf(console, job)).error?.code).toBe('device/no-session');
  expect(await held()).not.toBe(before);
  expect((await states()).slice(0, 2)).toEqual(['deployed', 'active']);
  expect(await deploymentOf()).toBe('onDevice');
});

it('goes back by hand, and forth again', async () => {
  const { client } = console;
  const before = await held();
  const back = await client.plants.deviceState({ plantId });
  expect((await endOf(console, await client.plants.rollBackDevice({ plantId }))).error).toBeNull();
  expect(await held()).not.toBe(before);
  expect(await client.plants.deviceState({ plantId })).toMatchObject({
    credentialId: back.previousCredentialId,
    previousCredentialId: back.credentialId,
    deployment: 'onDevice',
  });
  expect((await endOf(console, await client.plants.rollBackDevice({ plantId }))).error).toBeNull();
  expect(await held()).toBe(before);
});

it('puts the new credential in force by a message that it signed, whatever the operator looks at, and retires the old one', async () => {
  const { client } = console;
  await client.plants.rotate({ plantId });
  const job = await client.plants.deploy({ plantId, verify: { seconds: 40, otherwise: 'rollBack' } });
  await until(async () => {
    const { steps } = await client.jobs.get(job);
    return steps.some(({ name, state }) => name.startsWith('Wait for its session') && state === 'running');
  });
  const brokerId = (await client.practice.get()).brokerId ?? '';
  await client.monitor.connect({ brokerId, filters: ['elsewhere/#'] });
  await client.monitor.disconnect({ brokerId });
  // The broker must know the new password before the PLC can use it.
  expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
  expect(await client.practice.startPlc({ plantId })).toMatchObject({ plc: { state: 'connected' } });
  expect((await endOf(console, job)).error).toBeNull();
  expect((await states()).filter((state) => state === 'active' || state === 'deployed')).toEqual(['active']);
  expect(await deploymentOf()).toBe('matched');
  // What lies in `.previous` now was retired.
  const back = await endOf(console, await client.plants.rollBackDevice({ plantId }));
  expect(back.error?.code).toBe('device/previous-retired');
});

/** The practice plant that proves itself by a certificate, its device told to run `command` after an installation. */
async function restartedBy(command: string): Promise<{ readonly mtlsPlantId: PlantId; readonly directory: string }> {
  const { client } = console;
  const mtlsPlantId = (await client.plants.list({ authMethod: 'MTLS' })).items[0]?.plantId as PlantId;
  const known = await client.plants.getDevice({ plantId: mtlsPlantId });
  if (!known) throw new Error('no practice device');
  const { host, port, username, directory } = known;
  await client.plants.putDevice({
    plantId: mtlsPlantId,
    device: { host, port, username, directory, restartCommand: command.replace('DIRECTORY', directory) },
  });
  return { mtlsPlantId, directory };
}

it('restarts the client by the operator’s command, and is proven by the session after it', async () => {
  const { client } = console;
  const { mtlsPlantId, directory } = await restartedBy('touch DIRECTORY/restarted');
  await client.plants.rotate({ plantId: mtlsPlantId });
  const job = await client.plants.deploy({ plantId: mtlsPlantId, verify: { seconds: 40, otherwise: 'rollBack' } });
  await until(async () => (await readdir(directory)).includes('restarted'));
  expect(await client.practice.startPlc({ plantId: mtlsPlantId })).toMatchObject({ plc: { state: 'connected' } });
  const { error, steps } = await endOf(console, job);
  expect(error).toBeNull();
  const names = steps.map(({ name }) => name);
  expect(names.indexOf('Install and read back')).toBeLessThan(names.indexOf('Restart the MQTT client'));
  expect(names.indexOf('Restart the MQTT client')).toBeLessThan(names.indexOf('Put it in force, retire the old one'));
  expect(await client.plants.get({ plantId: mtlsPlantId })).toMatchObject({ deployment: 'matched' });
});

it('puts the old files back when the client cannot be restarted, and the operator said so', async () => {
  const { client } = console;
  const { mtlsPlantId, directory } = await restartedBy('echo no such unit >&2; exit 5');
  const before = await readFile(`${directory}/device.crt`, 'utf8');
  await client.plants.rotate({ plantId: mtlsPlantId });
  const job = await client.plants.deploy({ plantId: mtlsPlantId, verify: { seconds: 30, otherwise: 'rollBack' } });
  const { error, steps } = await endOf(console, job);
  expect(steps.find(({ name }) => name === 'Restart the MQTT client')).toMatchObject({ state: 'failed' });
  expect(error).not.toBeNull();
  expect(await readFile(`${directory}/device.crt`, 'utf8')).toBe(before);
});

it('puts nothing in force, and changes no device’s place, while it may still put the old files back', async () => {
  const { client } = console;
  const { mtlsPlantId } = await restartedBy('true');
  const known = await client.plants.getDevice({ plantId: mtlsPlantId });
  if (!known) throw new Error('no practice device');
  const { host, port, username } = known;
  const elsewhere = { host, port, username, directory: `${known.directory}-elsewhere` };
  await client.plants.rotate({ plantId: mtlsPlantId });
  const job = await client.plants.deploy({ plantId: mtlsPlantId, verify: { seconds: 5, otherwise: 'rollBack' } });
  const isRunning = { code: 'device/deployment-running' };
  await expect(client.plants.activate({ plantId: mtlsPlantId })).rejects.toMatchObject(isRunning);
  await expect(client.plants.putDevice({ plantId: mtlsPlantId, device: elsewhere })).rejects.toMatchObject(isRunning);
  expect((await endOf(console, job)).error?.code).toBe('device/rolled-back');
});

it('leaves revoked what was revoked while its plant was waited for', async () => {
  const { client } = console;
  const { mtlsPlantId } = await restartedBy('true');
  await client.plants.rotate({ plantId: mtlsPlantId });
  const job = await client.plants.deploy({ plantId: mtlsPlantId, verify: { seconds: 5, otherwise: 'rollBack' } });
  await until(async () => {
    const { steps } = await client.jobs.get(job);
    return steps.some(({ name, state }) => name.startsWith('Wait for its session') && state === 'running');
  });
  await client.plants.revoke({ plantId: mtlsPlantId });
  await endOf(console, job);
  const ended = await client.plants.credentials({ plantId: mtlsPlantId });
  expect(ended.filter(({ state }) => state !== 'revoked' && state !== 'superseded')).toEqual([]);
});
