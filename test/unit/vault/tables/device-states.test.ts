import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { credentialRow, deviceStateRow, plantId, plantRow } from '../../../support/vault-rows.ts';

const a = plantId('a');
const b = plantId('b');

test('one state a plant: the newest replaces the one before', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.plants.insert(plantRow('b'));
  expect(vault.deviceStates.get(a)).toBeUndefined();
  vault.deviceStates.put(deviceStateRow());
  vault.deviceStates.put(deviceStateRow({ plantId: b, outcome: 'lost', previousKept: false }));
  expect(vault.deviceStates.get(a)).toEqual(deviceStateRow());
  vault.deviceStates.put(deviceStateRow({ outcome: 'uncertain', seenAt: null, files: [] }));
  expect(vault.deviceStates.get(a)).toEqual(deviceStateRow({ outcome: 'uncertain', seenAt: null, files: [] }));
  expect(vault.deviceStates.listForPlants([b, plantId('c')])).toEqual([
    deviceStateRow({ plantId: b, outcome: 'lost', previousKept: false }),
  ]);
  expect(() => vault.deviceStates.put(deviceStateRow({ plantId: plantId('c') }))).toThrow(
    expect.objectContaining({ code: 'plant/not-found' }),
  );
});

test('a credential keeps the hashes of its files when its secrets are gone', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.plants.insert(plantRow('b'));
  vault.credentials.insert(credentialRow('c'), '{}');
  vault.credentials.insert(credentialRow('d', { plantId: b }), '{}');
  const row = { credentialId: 'c', plantId: a, files: [{ name: 'device.key', sha256: 'ab' }] };
  vault.credentialFiles.put(row, 'signing secret');
  vault.credentials.destroySecrets('c', '2031-05-06T07:08:09.000Z');
  expect(vault.credentialFiles.listForPlant(a)).toEqual([row]);
  expect(vault.credentialFiles.signingSecret('c')).toBe('signing secret');
  expect(vault.credentialFiles.signingSecret('d')).toBeUndefined();
  expect(vault.credentials.listForPlants([a, b]).map(({ credentialId }) => credentialId)).toEqual(['d', 'c']);
});
