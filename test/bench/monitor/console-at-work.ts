// The whole console in this process: a vault with plants and their secrets, a broker that it runs and listens to, and
// alert rules of every kind. So every message passes what it passes in the field: the tree, the history, the register's
// sightings, the fleet's watch, the alerts, and the check for the console's own messages.

import type { AlertCondition } from '../../../shared/model/alert.ts';
import type { ContractClient } from '../../browser/support/contract-client.ts';
import { passphrase, startCommissioned, startConsole } from '../../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../../support/live-broker.ts';
import { openVaultOf } from '../../support/push-scene.ts';
import { importPlants } from '../authority/bulk.ts';
import type { SigningPlant } from './messages.ts';
import type { Heard } from './subscriber.ts';

/** Whom the others of a measurement come to, and who may speak there. */
export type Scene = { readonly broker: LiveBroker; readonly plants: readonly SigningPlant[] };

export type ConsoleAtWork = {
  readonly scene: Scene;
  heard(): Promise<Heard>;
  record(): Promise<void>;
  /** What the recording holds, and what it says that it left out. */
  endRecording(): Promise<{ readonly messages: number; readonly dropped: number }>;
  stop(): Promise<void>;
};

const conditions: readonly AlertCondition[] = [
  { kind: 'silent', scope: { kind: 'all' }, seconds: 60 },
  {
    kind: 'value',
    filter: 'cpi/+/telemetry',
    pointer: '/devices/0/values/power',
    direction: 'above',
    limit: 99.5,
    hysteresis: 1,
  },
  { kind: 'alarm' },
  { kind: 'refused' },
];

export async function startConsoleAtWork(plantCount: number): Promise<ConsoleAtWork> {
  const { dataDirectory, plants } = await registerOf(plantCount);
  const { client, dispose } = await startConsole({ dataDirectory });
  await client.vault.unlock({ passphrase });
  const broker = await startLiveBroker(client as unknown as ContractClient);
  const { brokerId } = broker;
  for (const condition of conditions) {
    await client.alerts.addRule({ name: condition.kind, brokerId: null, isEnabled: true, condition });
  }
  let recordingId = '';
  return {
    scene: { broker, plants },
    heard: async () => {
      const summary = (await client.monitor.list()).find((one) => one.brokerId === brokerId);
      if (!summary) throw new Error('the console listens to nobody');
      const { heard, dropped } = summary;
      return {
        received: heard.messages,
        droppedByBroker: dropped.byBroker ?? 0,
        droppedByConsole: dropped.topics + dropped.oversized,
      };
    },
    record: async () => {
      ({ recordingId } = await client.recordings.start({ brokerId }));
    },
    endRecording: async () => {
      const { messages, dropped } = await client.recordings.stop({ recordingId });
      return { messages, dropped: dropped ?? 0 };
    },
    stop: dispose,
  };
}

/** A data folder whose vault has the plants, and what their secrets are: the console itself hands those to nobody. */
async function registerOf(plantCount: number) {
  const console = await startCommissioned();
  const { dataDirectory } = console;
  await importPlants(console, plantCount, 'EC-P256');
  await console.core.close();
  const { file, vault } = await openVaultOf(dataDirectory);
  const plants: SigningPlant[] = [];
  for (const { plantId } of vault.plants.list().items) {
    const hmacSecret = vault.signingSecrets.get(plantId);
    vault.plants.update(plantId, { status: 'ACTIVE' });
    if (hmacSecret !== undefined) plants.push({ plantId, hmacSecret });
  }
  await file.close();
  if (plants.length !== plantCount) throw new Error(`${plants.length} plants with a secret`);
  return { dataDirectory, plants };
}
