import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { credentialRow, moment, plantId, plantRow } from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

async function withPlant() {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  return vault;
}

test('a credential comes back as it was put in, its secrets only when asked for', async () => {
  const vault = await withPlant();
  const row = credentialRow('c1', { passwordHash: '$7$101$salt$hash', expiresAt: moment, keyIsElsewhere: true });
  vault.credentials.insert(row, '{"password":"x"}');
  expect(vault.credentials.get('c1')).toEqual({ ...row, handedOverAt: null, secretsAvailable: true });
  expect(vault.credentials.secrets('c1')).toBe('{"password":"x"}');
  expect(vault.credentials.get('c2')).toBeUndefined();
  expect(vault.credentials.secrets('c2')).toBeUndefined();
});

test('destroyed secrets are gone for good; the first hand-over stays on record', async () => {
  const vault = await withPlant();
  vault.credentials.insert(credentialRow('c1'), '{}');
  vault.credentials.destroySecrets('c1', moment);
  vault.credentials.destroySecrets('c1', '2032-01-01T00:00:00.000Z');
  expect(vault.credentials.secrets('c1')).toBeUndefined();
  expect(vault.credentials.get('c1')).toMatchObject({ secretsAvailable: false, handedOverAt: moment });
  expect(() => vault.credentials.destroySecrets('c2', moment)).toThrow(code('credential/not-found'));
});

test("a plant's credentials come newest first, also within one moment", async () => {
  const vault = await withPlant();
  vault.plants.insert(plantRow('b'));
  vault.credentials.insert(credentialRow('c1'), '{}');
  vault.credentials.insert(credentialRow('c2'), '{}');
  vault.credentials.insert(credentialRow('c0', { createdAt: '2030-01-01T00:00:00.000Z' }), '{}');
  vault.credentials.insert(credentialRow('b1', { plantId: plantId('b') }), '{}');
  expect(vault.credentials.listForPlant(plantId('a')).map((row) => row.credentialId)).toEqual(['c2', 'c1', 'c0']);
});

test('credentials are listed by several states', async () => {
  const vault = await withPlant();
  for (const state of ['issued', 'deployed', 'active', 'superseded', 'revoked'] as const) {
    vault.credentials.insert(credentialRow(state, { state }), '{}');
  }
  const listed = (...states: Parameters<typeof vault.credentials.listInStates>[0]) =>
    vault.credentials
      .listInStates(states)
      .map((row) => row.credentialId)
      .sort();
  expect(listed('active', 'issued')).toEqual(['active', 'issued']);
  expect(vault.credentials.idsInStates(['active', 'issued'])).toEqual(['active', 'issued']);
  expect(vault.credentials.idsInStates([])).toEqual([]);
  expect(listed()).toEqual([]);
  vault.credentials.setState('issued', 'active');
  expect(listed('issued')).toEqual([]);
  expect(() => vault.credentials.setState('nobody', 'active')).toThrow(code('credential/not-found'));
});
