// A deployment as an operation: what a failure leaves in the vault. The scripts on the device have tests of their own.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
let plantId: PlantId;

beforeEach(async () => {
  console = await startCommissioned();
  ({ plantId } = await console.client.plants.create({ name: 'Plant', authMethod: 'PASSWORD' }));
});
afterEach(() => console.dispose());

const deploy = async () => endOf(console, await console.client.plants.deploy({ plantId }));
const newest = async () => (await console.client.plants.credentials({ plantId }))[0];

/** Nothing was handed over, so everything is as before, and a second try can succeed. */
async function expectUntouched(): Promise<void> {
  expect(await newest()).toMatchObject({ state: 'issued', secretsAvailable: true });
  expect(await console.client.plants.get({ plantId })).toMatchObject({ status: 'PENDING' });
}

it('needs a device, and something to deploy', async () => {
  const { client } = console;
  expect((await deploy()).error?.code).toBe('device/not-found');
  await client.practice.addDevice({ plantId });
  expect((await deploy()).error?.code).toBe('credential/not-found');
  await client.plants.provision({ plantId });
  expect((await deploy()).error).toBeNull();
  expect(await newest()).toMatchObject({ state: 'deployed', secretsAvailable: false });
  expect((await deploy()).error?.code).toBe('device/nothing-to-deploy');
});

it('says that a device cannot be reached, and keeps the secrets', async () => {
  const { client } = console;
  const [port = 0] = await freePorts(1);
  await client.plants.provision({ plantId });
  const device = { host: '127.0.0.1', port, username: 'admin', login: { kind: 'password' as const, password: 'x' } };
  await client.plants.putDevice({ plantId, device });
  expect((await deploy()).error?.code).toBe('remote/host-key-unknown');
  await client.plants.confirmHostKey({ plantId, fingerprint: `SHA256:${'A'.repeat(43)}` });
  expect((await deploy()).error?.code).toBe('remote/unreachable');
  await expectUntouched();
});

it('sends nothing to a device whose host key was never confirmed, or is another one now', async () => {
  const { client } = console;
  await client.plants.provision({ plantId });
  const { port } = await client.practice.addDevice({ plantId });
  const shown = await client.plants.fetchHostKey({ plantId });
  expect(await client.plants.getDevice({ plantId })).toMatchObject({ port, hostKeyFingerprint: shown.fingerprint });

  await client.plants.confirmHostKey({ plantId, fingerprint: 'B'.repeat(43) });
  const { error } = await deploy();
  expect(error?.code).toBe('remote/host-key-changed');
  expect(error?.detail).toContain(shown.fingerprint);
  await expectUntouched();

  await client.plants.confirmHostKey({ plantId, fingerprint: `SHA256:${shown.fingerprint}` });
  expect((await deploy()).error).toBeNull();
});

it('forgets a confirmed host key with the address that it belongs to', async () => {
  const { client } = console;
  const device = { host: 'plc.example', username: 'root', login: { kind: 'password' as const, password: 'x' } };
  await client.plants.putDevice({ plantId, device });
  await client.plants.confirmHostKey({ plantId, fingerprint: 'C'.repeat(43) });
  await client.plants.putDevice({ plantId, device: { ...device, directory: '/opt/voke' } });
  expect(await client.plants.getDevice({ plantId })).toMatchObject({ hostKeyFingerprint: 'C'.repeat(43) });
  await client.plants.putDevice({ plantId, device: { ...device, host: 'other.example' } });
  expect(await client.plants.getDevice({ plantId })).toMatchObject({ hostKeyFingerprint: null });
});

it.each(['not a fingerprint at all', 'SHA256:tooShort', 'A'.repeat(44)])(
  'does not take %s for a fingerprint',
  async (fingerprint) => {
    const { client } = console;
    await client.practice.addDevice({ plantId });
    const before = await client.plants.getDevice({ plantId });
    await expect(client.plants.confirmHostKey({ plantId, fingerprint })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    expect(await client.plants.getDevice({ plantId })).toEqual(before);
  },
);

it.each([
  ['a host that is no host', { host: 'not a host' }, 'device.host'],
  ['a port out of range', { port: 70_000 }, 'device.port'],
  ['a directory that a shell could read otherwise', { directory: '/etc/$(reboot)' }, 'device.directory'],
  ['a directory with a space', { directory: '/etc/my voke' }, 'device.directory'],
  ['a directory that climbs', { directory: '/etc/../root' }, 'device.directory'],
  ['a user that is no name', { username: '-oProxyCommand=x' }, 'device.username'],
])('refuses %s at the door', async (_what, wrong, field) => {
  const device = { host: 'plc.example', username: 'root', login: { kind: 'agent' as const }, ...wrong };
  await expect(console.client.plants.putDevice({ plantId, device })).rejects.toMatchObject({
    code: 'input/invalid',
    data: { fields: [{ field }] },
  });
  expect(await console.client.plants.getDevice({ plantId })).toBeNull();
});

it('carries one deployment at a time to a plant, and hands nothing else out meanwhile', async () => {
  const { client } = console;
  await client.practice.addDevice({ plantId });
  await client.plants.provision({ plantId });
  const first = await client.plants.deploy({ plantId });
  for (const other of [client.plants.deploy, client.plants.download, client.plants.provision, client.plants.rotate]) {
    await expect(other({ plantId })).rejects.toMatchObject({ code: 'device/deployment-running' });
  }
  expect((await endOf(console, first)).state).toBe('succeeded');
});

it('exports no private key while it is being carried to its device', async () => {
  const { client } = console;
  const { plantId: carried } = await client.plants.create({ name: 'Carried', authMethod: 'MTLS' });
  await client.practice.addDevice({ plantId: carried });
  await client.plants.provision({ plantId: carried, keyAlgorithm: 'EC-P256' });
  const deployment = await client.plants.deploy({ plantId: carried });
  const running = { code: 'device/deployment-running' };
  await expect(client.authority.exportSet({ withPrivateKeys: true })).rejects.toMatchObject(running);
  await expect(client.plants.exportCredential({ plantId: carried, format: 'pem' })).rejects.toMatchObject(running);
  expect((await endOf(console, deployment)).state).toBe('succeeded');
});

it('never sends a stored login to another place than it was given for', async () => {
  const { client } = console;
  const device = { host: 'plc.example', username: 'root', login: { kind: 'password' as const, password: 'x' } };
  await client.plants.putDevice({ plantId, device });
  for (const elsewhere of [{ host: 'evil.example' }, { port: 2222 }, { username: 'other' }]) {
    const { login: _withoutLogin, ...place } = device;
    await expect(client.plants.putDevice({ plantId, device: { ...place, ...elsewhere } })).rejects.toMatchObject({
      code: 'input/invalid',
      data: { fields: [{ field: 'device.login' }] },
    });
  }
  const { login: _stored, ...same } = device;
  expect(await client.plants.putDevice({ plantId, device: { ...same, directory: '/opt/voke' } })).toMatchObject({
    authentication: 'password',
    directory: '/opt/voke',
  });
});
