// A device of the operator's own, over SSH: a fourth plant's credential is brought there, found there, and taken back.
// No secret stands in an argument: a password comes from the environment, a key from a file or the agent.

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DeviceInput, DeviceLogin } from '../../shared/model/device.ts';
import { deviceInputSchema } from '../../shared/model/device.ts';
import type { Checklist } from './checklist.ts';
import { type Client, finished } from './run-demo.ts';

/** The address as the operator writes it, and how to log in there. */
export type RealDevice = { readonly address: Omit<DeviceInput, 'login'>; readonly login: DeviceLogin };

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Reads `ssh://user@host[:port]/directory`. Throws in words for what is no such address, and when there is nothing to
 * log in with: `keyFile`, `VOKE_DEVICE_PASSWORD`, the agent of `SSH_AUTH_SOCK`, or a key of OpenSSH's usual names.
 */
export async function findRealDevice(text: string, keyFile: string | undefined): Promise<RealDevice> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'ssh:') throw new Error('--device takes ssh://user@host:port/directory');
  if (url.password !== '') {
    throw new Error('leave the password out of the address, where every user can read it: set VOKE_DEVICE_PASSWORD');
  }
  const address = deviceInputSchema.safeParse({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port !== '' && { port: Number(url.port) }),
    username: decodeURIComponent(url.username),
    ...(url.pathname.length > 1 && { directory: decodeURIComponent(url.pathname) }),
  });
  if (!address.success) {
    const [issue] = address.error.issues;
    throw new Error(`--device: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { login: _none, ...rest } = address.data;
  return { address: rest, login: await findLogin(keyFile) };
}

async function findLogin(keyFile: string | undefined): Promise<DeviceLogin> {
  if (keyFile !== undefined) return { kind: 'privateKey', privateKeyPem: await readFile(keyFile, 'utf8') };
  const { VOKE_DEVICE_PASSWORD: password, SSH_AUTH_SOCK: agent } = process.env;
  if (password) return { kind: 'password', password };
  if (agent) return { kind: 'agent' };
  for (const name of defaultKeys) {
    const pem = await readFile(join(homedir(), '.ssh', name), 'utf8').catch(() => undefined);
    if (pem !== undefined) return { kind: 'privateKey', privateKeyPem: pem };
  }
  throw new Error('there is nothing to log in with: name a key with --device-key, or set VOKE_DEVICE_PASSWORD');
}

export async function runOnRealDevice(
  client: Client,
  checklist: Checklist,
  { address, login }: RealDevice,
  brokerId: string,
): Promise<void> {
  const { plantId } = await checklist.step('Real device: register its plant', async () => {
    const plant = await client.plants.create({ name: 'Real device', site: 'Demo', authMethod: 'MTLS' });
    await client.plants.putDevice({ plantId: plant.plantId, device: { ...address, login } });
    await client.plants.provision({ plantId: plant.plantId, brokerId });
    return plant;
  });
  await checklist.step('Real device: confirm its host key', async () => {
    const { algorithm, fingerprint } = await client.plants.fetchHostKey({ plantId });
    await client.plants.confirmHostKey({ plantId, fingerprint });
    return `${algorithm} SHA256:${fingerprint}`;
  });
  await checklist.step('Real device: preflight', async () => {
    const checks = await client.plants.preflight({ plantId });
    return checks
      .filter(({ verdict }) => verdict !== 'ok')
      .map(({ sentence }) => sentence)
      .join(' ');
  });
  await checklist.step(`Real device: deploy to ${address.directory}`, async () => {
    // An earlier demo's set is another plant's, and may be replaced.
    await finished(client, await client.plants.deploy({ plantId, overrule: ['contents'] }));
    const { files } = await client.plants.deviceState({ plantId });
    return files.map(({ name, mode }) => `${name} ${mode.toString(8).padStart(4, '0')}`).join(', ');
  });
  await checklist.step('Real device: read it once more', async () => {
    await finished(client, await client.devices.scan({ plantIds: [plantId] }));
    const { deployment } = await client.plants.deviceState({ plantId });
    if (deployment !== 'onDevice') throw new Error(`the device is ${deployment}`);
    return 'what it holds is what was issued';
  });
}
