import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { credentialRow, moment, plantId, plantRow } from '../../../support/vault-rows.ts';

test('which authorities a credential brings is known by credential', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.credentials.insert(credentialRow('c'), '{}');
  vault.credentials.insert(credentialRow('d'), '{}');
  vault.credentialTrusts.put('c', ['authority-1']);
  vault.credentialTrusts.put('c', ['authority-1', 'authority-2']);
  expect([...vault.credentialTrusts.listForCredentials(['c', 'd'])]).toEqual([['c', ['authority-1', 'authority-2']]]);
});

test('a revocation stays open until it is closed', async () => {
  const { vault } = await createVault();
  for (const start of ['a', 'b', 'c']) {
    vault.plants.insert(plantRow(start));
    vault.openRevocations.put({ plantId: plantId(start), revokedAt: moment, stateBefore: start });
  }
  vault.openRevocations.put({ plantId: plantId('a'), revokedAt: moment, stateBefore: 'again' });
  expect(vault.openRevocations.get(plantId('a'))?.stateBefore).toBe('again');
  vault.openRevocations.delete(plantId('b'));
  expect(vault.openRevocations.list().map((row) => row.plantId)).toEqual([plantId('a'), plantId('c')]);
});

test('so does that of a certificate without a plant', async () => {
  const { vault } = await createVault();
  const row = { authorityId: 'authority-1', revokedAt: moment, stateBefore: null };
  for (const serialNumber of ['0b', '0a']) vault.openCertificateRevocations.insert({ ...row, serialNumber });
  expect(vault.openCertificateRevocations.get('0a')).toEqual({ ...row, serialNumber: '0a' });
  vault.openCertificateRevocations.delete('0a');
  expect(vault.openCertificateRevocations.list()).toEqual([{ ...row, serialNumber: '0b' }]);
});
