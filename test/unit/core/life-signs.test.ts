import { expect, it } from 'vitest';
import { askLifeSigns } from '../../../electron/core/life-signs.ts';
import { PlantWatches } from '../../../electron/core/plant-watches.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import type { BrokerSession } from '../../../shared/model/broker-files.ts';
import type { PlantStatus } from '../../../shared/model/plant.ts';
import type { CredentialState } from '../../../shared/model/provisioning.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, credentialRow, moment, plantId, plantRow } from '../../support/vault-rows.ts';

const id = plantId('aaaa1111');

/** What is said of a plant; `sessions`: what its broker tells; undefined where it cannot. */
async function scene({
  status = 'PENDING' as PlantStatus,
  credential = undefined as CredentialState | undefined,
  isHandedOver = false,
  heard = false,
  sessions = [] as (() => Promise<BrokerSession[] | undefined>) | BrokerSession[],
} = {}) {
  const { vault } = await createVault();
  const context = contextOver(vault);
  const plant = plantRow('aaaa1111', { plantId: id, status });
  const broker = brokerRow('b1', { name: 'Site' });
  vault.plants.insert(plant);
  vault.brokers.insert(broker);
  if (credential) {
    vault.credentials.insert(credentialRow('c1', { plantId: id, state: credential }), '{}');
    if (isHandedOver) vault.credentials.destroySecrets('c1', moment);
  }
  const watches = new PlantWatches({ context: () => context, logger: silentLogger });
  await watches.ready();
  const watch = watches.of(broker);
  if (heard) {
    watch.take({
      topic: `cpi/${id}/telemetry`,
      payload: Buffer.from('{}'),
      qos: 0,
      retained: false,
      properties: undefined,
      receivedAt: context.clock.now().getTime(),
    });
  }
  const ask = typeof sessions === 'function' ? sessions : async () => sessions;
  const known = () =>
    ({ sessions: ask }) as unknown as ReturnType<Parameters<typeof askLifeSigns>[1]['brokers']['known']>;
  const signs = await askLifeSigns(context, { brokers: { known }, watches });
  return { plant, signs: signs.ofPlant(plant), stranger: signs.ofStranger(plantId('dddd4444')) };
}

const session = (username: string, clientId = 'x'): BrokerSession => ({ clientId, username, connectedAt: null });

it('finds none for a plant whose credential never left the console', async () => {
  expect((await scene({ credential: 'issued' })).signs).toEqual([]);
});

it.each(['deployed', 'active', 'superseded'] as const)('finds one where a credential is %s', async (credential) => {
  expect((await scene({ credential })).signs.join()).toMatch(/credential/);
});

it('finds one where a credential was handed over', async () => {
  expect((await scene({ credential: 'issued', isHandedOver: true })).signs.join()).toMatch(/credential/);
});

it('finds one where something was heard, proven or not', async () => {
  expect((await scene({ heard: true })).signs.join()).toMatch(/speaks/);
});

it.each([id, 'plc-aaaa1111'])('finds one where %s has a session', async (username) => {
  expect((await scene({ sessions: [session(username)] })).signs).toEqual(['it has a session at Site now']);
});

it('counts none of the console’s own sessions as the plant', async () => {
  expect((await scene({ sessions: [session(id, 'voke-console-1234')] })).signs).toEqual([]);
});

it('finds one for a withdrawn plant unless every broker says that it is gone', async () => {
  const withdrawn = { status: 'REVOKED', credential: 'revoked' } as const;
  expect((await scene(withdrawn)).signs).toEqual([]);
  for (const sessions of [
    async () => undefined,
    () => Promise.reject(new Error('no way')),
    () => new Promise<never>(() => {}),
  ]) {
    expect((await scene({ ...withdrawn, sessions })).signs.join()).toMatch(/withdrawn/);
  }
});

it('finds a session of an id that the register does not know', async () => {
  expect((await scene({ sessions: [session('plc-dddd4444')] })).stranger).toEqual(['it has a session at Site now']);
  expect((await scene()).stranger).toEqual([]);
});
