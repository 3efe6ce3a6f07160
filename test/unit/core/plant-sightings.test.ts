import { expect, it } from 'vitest';
import { PlantSightings } from '../../../electron/core/plant-sightings.ts';
import { addPlant } from '../../../electron/operations/plants.ts';
import { noteSightings } from '../../../electron/operations/sightings.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');

async function scene() {
  const { vault } = await createVault();
  let transactions = 0;
  const counted: typeof vault = {
    ...vault,
    transaction: (work) => {
      transactions += 1;
      return vault.transaction(work);
    },
  };
  const context = contextOver(counted);
  const state = { isOpen: true };
  const sightings = new PlantSightings({ logger: silentLogger, context: () => (state.isOpen ? context : undefined) });
  const add = (name: string) => addPlant(context, { name, authMethod: 'MTLS' }).plantId;
  const seenAt = (plantId: ReturnType<typeof add>) => context.vault.plants.get(plantId)?.lastSeenAt;
  return { context, state, sightings, add, seenAt, transactions: () => transactions };
}
const iso = (at: number) => new Date(at).toISOString();

it('writes many plants down at once, with the time at which they were heard', async () => {
  const { sightings, add, seenAt, transactions } = await scene();
  const plants = Array.from({ length: 90 }, (_, i) => add(`plant ${i}`));
  const before = transactions();
  for (const [i, plantId] of plants.entries()) sightings.note(plantId, start + i);
  await expect.poll(() => plants.map(seenAt)).toEqual(plants.map((_, i) => iso(start + i)));
  expect(transactions() - before).toBe(1);
});

it('writes a plant that talks all the time down every 15 seconds, also after the clock was set back', async () => {
  const { sightings, add, seenAt } = await scene();
  const [plantId, other] = [add('plant'), add('other')];
  for (const after of [0, 1, 14_999]) sightings.note(plantId, start + after);
  sightings.note(other, start);
  await expect.poll(() => seenAt(other)).toBe(iso(start));
  expect(seenAt(plantId)).toBe(iso(start));
  sightings.note(plantId, start + 15_000);
  await expect.poll(() => seenAt(plantId)).toBe(iso(start + 15_000));
  sightings.note(other, start - 3_600_000);
  sightings.note(other, start + 1);
  await expect.poll(() => seenAt(other)).toBe(iso(start));
});

it('keeps nothing of plants that are gone, nor of a vault that was locked', async () => {
  const { sightings, state, add, seenAt } = await scene();
  const [plantId, other] = [add('plant'), add('other')];
  sightings.note(plantId, start);
  sightings.note(other, start);
  sightings.forget([plantId]);
  expect(sightings.size).toBe(1);
  await expect.poll(() => seenAt(other)).toBe(iso(start));
  expect(seenAt(plantId)).toBeNull();
  sightings.note(plantId, start);
  state.isOpen = false;
  sightings.clear();
  expect(sightings.size).toBe(0);
  state.isOpen = true;
  sightings.note(plantId, start + 5);
  await expect.poll(() => seenAt(plantId)).toBe(iso(start + 5));
});

it('says that a revoked plant was heard when that was after its revocation, and never an earlier time than before', async () => {
  const { context, add, seenAt } = await scene();
  const plantId = add('plant');
  context.vault.plants.update(plantId, { status: 'REVOKED', revokedAt: iso(start) as never });
  const late = () =>
    context.vault.audit.list({ limit: 100 }).items.filter(({ action }) => action === 'plant.heard-after-revocation');
  noteSightings(context, [{ plantId, at: start - 1 }]);
  expect(late()).toEqual([]);
  noteSightings(context, [{ plantId, at: start + 9 }]);
  noteSightings(context, [{ plantId, at: start + 3 }]);
  expect(late()).toHaveLength(2);
  expect(seenAt(plantId)).toBe(iso(start + 9));
});
