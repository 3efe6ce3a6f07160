import { expect, it } from 'vitest';
import { PlantSecrets } from '../../../electron/core/plant-secrets.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { moment, plantId, plantRow } from '../../support/vault-rows.ts';

const id = plantId('aaaa1111');

async function scene() {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('aaaa1111', { plantId: id }));
  vault.signingSecrets.set(id, 'first', moment);
  const state = { reads: 0, now: Date.parse(moment), isOpen: true };
  const context = {
    ...contextOver({
      ...vault,
      signingSecrets: {
        ...vault.signingSecrets,
        get: (plant) => {
          state.reads += 1;
          return vault.signingSecrets.get(plant);
        },
      },
    }),
    clock: { now: () => new Date(state.now) },
  };
  const secrets = new PlantSecrets(() => (state.isOpen ? context : undefined));
  const isSignedBy = (secret: string) => secrets.verify(id, (known) => known === secret);
  return { vault, state, secrets, isSignedBy };
}

it('asks the vault once for a plant that signs all the time, and again after half a minute', async () => {
  const { state, isSignedBy } = await scene();
  for (let i = 0; i < 100; i++) expect(isSignedBy('first')).toBe(true);
  expect(state.reads).toBe(1);
  state.now += 30_000;
  expect(isSignedBy('first')).toBe(true);
  expect(state.reads).toBe(2);
});

it('calls nothing wrong by a secret that was replaced, although nobody said so', async () => {
  const { vault, isSignedBy } = await scene();
  expect(isSignedBy('first')).toBe(true);
  vault.signingSecrets.set(id, 'second', moment);
  expect(isSignedBy('second')).toBe(true);
  expect(isSignedBy('first')).toBe(false);
});

it('keeps nothing beyond a lock or a change of plants, and knows nothing while it is locked', async () => {
  const { vault, state, secrets, isSignedBy } = await scene();
  expect(isSignedBy('first')).toBe(true);
  state.isOpen = false;
  expect(isSignedBy('first')).toBeUndefined();
  state.isOpen = true;
  vault.signingSecrets.set(id, 'second', moment);
  secrets.forget();
  expect(isSignedBy('first')).toBe(false);
  vault.plants.delete(id);
  secrets.forget();
  expect(isSignedBy('second')).toBeUndefined();
});
