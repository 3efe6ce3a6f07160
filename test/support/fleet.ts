// Plants in the field: each with its own directory on one SSH server, and a PLC that reads it.

import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { signMessage } from '../../electron/credentials/signatures.ts';
import { SimulatedPlc } from '../../electron/practice/plc.ts';
import type { Campaign } from '../../shared/model/campaign.ts';
import type { AuthMethod, PlantId } from '../../shared/model/plant.ts';
import type { TestConsole } from './console.ts';
import { enterDevice, entryOf } from './device-entry.ts';
import type { SshDevice } from './ssh-device.ts';
import { until } from './until.ts';

export type FieldPlant = { readonly plantId: PlantId; readonly directory: string };

/** Registers a plant whose device is a directory of `server`; its host key is confirmed. */
export async function addFieldPlant(
  console: TestConsole,
  server: SshDevice,
  name: string,
  authMethod: AuthMethod = 'MTLS',
): Promise<FieldPlant> {
  const { plantId } = await console.client.plants.create({ name, authMethod });
  const directory = `${server.base}/${name.toLowerCase().replaceAll(' ', '-')}`;
  await enterDevice(console, plantId, entryOf(server, { directory }));
  return { plantId, directory };
}

/** A PLC on that directory, which connects anew whenever its files change. Answers with how to stop it. */
export async function startFieldPlc({ directory }: FieldPlant): Promise<{ plc: SimulatedPlc; stop(): Promise<void> }> {
  const plc = new SimulatedPlc({ directory, sign: signMessage, intervalMs: 200, retryMs: 200 });
  let turn: Promise<unknown> = plc.start();
  const watcher = watch(directory, (_event, name) => {
    // The last name that a deployment moves there.
    if (name === 'hmac.secret') turn = turn.then(() => sleep(50)).then(() => plc.reload());
  });
  await turn;
  return {
    plc,
    stop: async () => {
      watcher.close();
      await turn;
      await plc.stop();
    },
  };
}

/** Waits until nothing of the campaign runs any more; answers with it. */
export async function campaignEnd({ client }: TestConsole, campaignId: string): Promise<Campaign> {
  const read = () => client.campaigns.get({ campaignId });
  await until(async () => (await read()).state !== 'running');
  // What was under way when it was paused ends by itself.
  await until(async () => {
    const { counts } = await read();
    return counts.issuing + counts.deploying + counts.verifying === 0;
  });
  return await read();
}
