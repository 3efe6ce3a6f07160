import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { campaignPlantRow, campaignRow, moment, plantId } from '../../../support/vault-rows.ts';

test('a campaign and its plants, in their order, change row by row', async () => {
  const { vault } = await createVault();
  const first = campaignPlantRow();
  const second = campaignPlantRow({ campaignPlantId: 'campaign-1:b', plantId: plantId('b'), position: 1 });
  vault.campaigns.insert(campaignRow(), [second, first]);
  vault.campaigns.insert(campaignRow({ campaignId: 'campaign-2', createdAt: '2032-01-01T00:00:00.000Z' }), []);
  expect(vault.campaigns.get('campaign-1')).toEqual(campaignRow());
  expect(vault.campaigns.list().map(({ campaignId }) => campaignId)).toEqual(['campaign-2', 'campaign-1']);
  expect(vault.campaigns.plants('campaign-1')).toEqual([first, second]);

  vault.campaigns.update('campaign-1', { state: 'paused', pausedBecause: 'windowOver' });
  vault.campaigns.updatePlant(second.campaignPlantId, {
    state: 'failed',
    attempts: 1,
    errorCode: 'remote/unreachable',
  });
  expect(vault.campaigns.get('campaign-1')).toEqual(campaignRow({ state: 'paused', pausedBecause: 'windowOver' }));
  expect(vault.campaigns.plant(first.campaignPlantId)).toEqual(first);
  expect(vault.campaigns.plant(second.campaignPlantId)).toMatchObject({ state: 'failed', attempts: 1, position: 1 });
  expect([...vault.campaigns.counts('campaign-1')].toSorted()).toEqual([
    ['failed', 1],
    ['waiting', 1],
  ]);
});

test('a campaign that is not there', async () => {
  const { vault } = await createVault();
  const missing = expect.objectContaining({ code: 'campaign/not-found' });
  expect(vault.campaigns.get('campaign-1')).toBeUndefined();
  expect(() => vault.campaigns.update('campaign-1', { state: 'paused' })).toThrow(missing);
  expect(() => vault.campaigns.updatePlant('campaign-1:a', { state: 'done' })).toThrow(missing);
});

test('an approver is known by name in any case, and what checks their code by name only', async () => {
  const { vault } = await createVault();
  vault.approvers.insert({ name: 'Ada', createdAt: moment }, 'verifier');
  expect(() => vault.approvers.insert({ name: 'ADA', createdAt: moment }, 'other')).toThrow(
    expect.objectContaining({ code: 'campaign/approver-exists' }),
  );
  expect(vault.approvers.list()).toEqual([{ name: 'Ada', createdAt: moment }]);
  expect(vault.approvers.verifier('ada')).toBe('verifier');
  expect(vault.approvers.verifier('Grace')).toBeUndefined();
  vault.approvers.delete('aDa');
  expect(vault.approvers.list()).toEqual([]);
  expect(() => vault.approvers.delete('Ada')).toThrow(expect.objectContaining({ code: 'campaign/approver-not-found' }));
});
