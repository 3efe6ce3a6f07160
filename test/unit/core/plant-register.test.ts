import { expect, it } from 'vitest';
import { PlantRegister } from '../../../electron/core/plant-register.ts';
import type { OperationContext } from '../../../electron/operations/context.ts';
import { addPlant, deletePlant } from '../../../electron/operations/plants.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';

const plant = (context: OperationContext, name: string) => addPlant(context, { name, authMethod: 'MTLS' }).plantId;

async function registerOf() {
  const { file, vault } = await createVault();
  const state: { context: OperationContext | undefined } = { context: contextOver(vault) };
  const gone: string[] = [];
  const register = new PlantRegister({
    context: () => state.context,
    logger: silentLogger,
    onGone: (plantIds) => gone.push(...plantIds),
  });
  return { file, state, gone, register, context: contextOver(vault) };
}

it('knows the plants of the vault, those that came later, and no more those that went', async () => {
  const { context, register, gone } = await registerOf();
  const first = plant(context, 'first');
  await register.ready();
  expect(register.has(first)).toBe(true);
  const second = plant(context, 'second');
  deletePlant(context, first);
  register.noteChange();
  await expect.poll(() => register.has(second)).toBe(true);
  expect(register.has(first)).toBe(false);
  expect(gone).toEqual([first]);
});

it('reads page after page, and again for what came while it read', async () => {
  const { context, register } = await registerOf();
  const many = context.vault.transaction(() => Array.from({ length: 2100 }, (_, i) => plant(context, `plant ${i}`)));
  const ready = register.ready();
  const late = plant(context, 'late');
  register.noteChange();
  await ready;
  await expect.poll(() => register.has(late)).toBe(true);
  expect(many.every((plantId) => register.has(plantId))).toBe(true);
});

it('knows nothing of a vault that was locked while it was read, and the next one after the unlock', async () => {
  const { context, file, state, register } = await registerOf();
  const plantId = plant(context, 'plant');
  for (let turns = 0; turns < 4; turns++) {
    const ready = register.ready();
    for (let i = 0; i < turns; i++) await new Promise((next) => setImmediate(next));
    file.lock();
    state.context = undefined;
    register.forget();
    await ready;
    expect(register.has(plantId)).toBe(false);
    state.context = contextOver(await file.unlock(testPassphrase));
    register.noteChange();
    await register.ready();
    expect(register.has(plantId)).toBe(true);
  }
});
