import { expect, test } from 'vitest';
import { mqttUsername, plantIdSchema } from '../../../../shared/model/plant.ts';
import { createVault } from '../../../support/vault.ts';
import {
  authorityRow,
  certificateRow,
  credentialRow,
  deviceRow,
  moment,
  plantId,
  plantRow,
} from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const passwordPlant = (id: string) => {
  const parsed = plantIdSchema.parse(id);
  return plantRow('a', { plantId: parsed, authMethod: 'PASSWORD', username: mqttUsername(parsed, 'PASSWORD') });
};
const twin = 'aaaaaaaa-0000-4000-8000-000000000001';
const otherTwin = 'aaaaaaaa-0000-4000-8000-000000000002';

test('a plant id is taken once, a PASSWORD username too', async () => {
  const { vault } = await createVault();
  vault.plants.insert(passwordPlant(twin));
  expect(() => vault.plants.insert(passwordPlant(twin))).toThrow(code('plant/exists'));
  expect(() => vault.plants.insert(passwordPlant(otherTwin))).toThrow(code('plant/username-taken'));
  expect(vault.plants.list().total).toBe(1);

  const { plantId: id } = passwordPlant(otherTwin);
  vault.plants.insert(plantRow('a', { plantId: id, username: id }));
  expect(() => vault.plants.update(id, { authMethod: 'PASSWORD', username: 'plc-aaaaaaaa' })).toThrow(
    code('plant/username-taken'),
  );
  expect(vault.plants.get(id)?.authMethod).toBe('MTLS');
});

test('an update changes what it names and nothing else', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a', { site: 'North' }));
  vault.plants.insert(plantRow('b'));
  vault.plants.update(plantId('a'), { site: null, status: 'ACTIVE', lastSeenAt: moment });
  expect(vault.plants.get(plantId('a'))).toEqual(plantRow('a', { status: 'ACTIVE', lastSeenAt: moment }));
  expect(vault.plants.get(plantId('b'))).toEqual(plantRow('b'));
  expect(() => vault.plants.update(plantId('c'), { name: 'x' })).toThrow(code('plant/not-found'));
});

test('identifiers come in their order, page after page', async () => {
  const { vault } = await createVault();
  const all = ['c', 'a', 'b'].map((start) => plantRow(start.repeat(8)));
  for (const row of all) vault.plants.insert(row);
  const [a, b, c] = all.map(({ plantId }) => plantId).sort();
  expect(vault.plants.ids('', 2)).toEqual([a, b]);
  expect(vault.plants.ids(b ?? '', 2)).toEqual([c]);
  expect(vault.plants.ids(c ?? '', 2)).toEqual([]);
});

test('the list is sorted by name, then id, and comes in pages', async () => {
  const { vault } = await createVault();
  for (const [start, name] of [
    ['d', 'beta'],
    ['c', 'Alpha'],
    ['b', 'alpha'],
    ['a', 'Gamma'],
  ] as const) {
    vault.plants.insert(plantRow(start, { name }));
  }
  const ids = (page: { limit?: number; offset?: number }) =>
    vault.plants.list(page).items.map((plant) => plant.plantId.slice(0, 1));
  expect(ids({})).toEqual(['b', 'c', 'd', 'a']);
  expect(ids({ limit: 2, offset: 1 })).toEqual(['c', 'd']);
  expect(vault.plants.list({ limit: 1, offset: 3 }).total).toBe(4);
  expect(vault.plants.list({ limit: 1, offset: 9 })).toEqual({ items: [], total: 4 });
});

test('the query is found in name, site, id and username in any case, and knows no wildcards', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a', { name: 'Žatec 100%', site: 'Hala_1' }));
  vault.plants.insert(
    plantRow('b', { name: 'Brno 100', site: 'HalaX1', username: 'plc-b0000000', authMethod: 'PASSWORD' }),
  );
  const found = (query: string) => vault.plants.list({ query }).items.map((plant) => plant.plantId.slice(0, 1));
  expect(found('žATEC')).toEqual(['a']);
  expect(found('100%')).toEqual(['a']);
  expect(found('a_1')).toEqual(['a']);
  expect(found('PLC-B')).toEqual(['b']);
  expect(found('A0000000-')).toEqual(['a']);
  expect(found("' OR 1=1 --")).toEqual([]);
  expect(found('\\')).toEqual([]);
  expect(found('')).toEqual(['b', 'a']);
});

test('the list is filtered by status and auth method together', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a', { status: 'ACTIVE' }));
  vault.plants.insert(plantRow('b', { status: 'ACTIVE', authMethod: 'TOKEN' }));
  vault.plants.insert(plantRow('c', { authMethod: 'TOKEN' }));
  const { items, total } = vault.plants.list({ status: 'ACTIVE', authMethod: 'TOKEN' });
  expect([items.map((plant) => plant.plantId), total]).toEqual([[plantId('b')], 1]);
});

test('deleting a plant takes its credentials, device and signing secret along, and leaves its certificates', async () => {
  const { vault } = await createVault();
  vault.authorities.insert(authorityRow(), 'key');
  for (const start of ['a', 'b']) {
    const id = plantId(start);
    vault.plants.insert(plantRow(start));
    vault.certificates.insert(certificateRow(start, { plantId: id }));
    vault.credentials.insert(credentialRow(start, { plantId: id, certificateSerialNumber: start }), '{}');
    vault.devices.put(deviceRow({ plantId: id }), 'login');
    vault.signingSecrets.set(id, 'secret', moment);
  }
  vault.plants.delete(plantId('a'));
  expect(vault.plants.get(plantId('a'))).toBeUndefined();
  expect(vault.credentials.get('a')).toBeUndefined();
  expect(vault.devices.get(plantId('a'))).toBeUndefined();
  expect(vault.devices.loginSecret(plantId('a'))).toBeUndefined();
  expect(vault.signingSecrets.get(plantId('a'))).toBeUndefined();
  expect(vault.certificates.list({ plantId: plantId('a') }).total).toBe(1);
  expect(vault.credentials.get('b')?.secretsAvailable).toBe(true);
  expect(vault.signingSecrets.get(plantId('b'))).toBe('secret');
});

test('what belongs to a plant needs its plant', async () => {
  const { vault } = await createVault();
  expect(() => vault.credentials.insert(credentialRow('c1'), '{}')).toThrow(code('plant/not-found'));
  expect(() => vault.devices.put(deviceRow())).toThrow(code('plant/not-found'));
  expect(() => vault.signingSecrets.set(plantId('a'), 'secret', moment)).toThrow(code('plant/not-found'));
});
