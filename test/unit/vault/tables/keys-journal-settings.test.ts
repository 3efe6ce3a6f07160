import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { moment, plantId, plantRow } from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

test('a new active token key retires the one before', async () => {
  const { vault } = await createVault();
  const key = (keyId: string) => ({
    keyId,
    publicKeyPem: `public ${keyId}`,
    state: 'active' as const,
    createdAt: moment,
  });
  expect(vault.tokenKeys.active()).toBeUndefined();
  vault.tokenKeys.insert(key('k1'), 'private 1');
  vault.tokenKeys.insert(key('k2'), 'private 2');
  expect(vault.tokenKeys.active()).toEqual(key('k2'));
  expect(vault.tokenKeys.list()).toEqual([key('k2'), { ...key('k1'), state: 'retired' }]);
  expect(vault.tokenKeys.privateKeyPem('k1')).toBe('private 1');
  expect(vault.tokenKeys.privateKeyPem('k2')).toBe('private 2');
  expect(() => vault.tokenKeys.privateKeyPem('k3')).toThrow(code('internal/unexpected'));
});

test('a signing secret is replaced', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  expect(vault.signingSecrets.get(plantId('a'))).toBeUndefined();
  vault.signingSecrets.set(plantId('a'), 'first', moment);
  vault.signingSecrets.set(plantId('a'), 'second', moment);
  expect(vault.signingSecrets.get(plantId('a'))).toBe('second');
});

test('a setting is replaced', async () => {
  const { vault } = await createVault();
  expect(vault.settings.get('idle')).toBeUndefined();
  vault.settings.set('idle', '5');
  vault.settings.set('idle', '10');
  expect(vault.settings.get('idle')).toBe('10');
});

test('an operation is journalled from its start to its end', async () => {
  const { vault } = await createVault();
  const start = { operationId: 'o1', kind: 'push', subject: 'broker', startedAt: moment };
  vault.operations.start(start);
  vault.operations.step('o1', 'render');
  expect(vault.operations.list()).toEqual([
    { ...start, state: 'running', step: 'render', finishedAt: null, errorCode: null },
  ]);
  vault.operations.finish('o1', 'failed', moment, 'broker/start-failed');
  expect(vault.operations.list()).toMatchObject([
    { state: 'failed', finishedAt: moment, errorCode: 'broker/start-failed' },
  ]);
  expect(() => vault.operations.step('o1', 'late')).toThrow(code('internal/unexpected'));
  expect(() => vault.operations.finish('o2', 'succeeded', moment)).toThrow(code('internal/unexpected'));
});

test('what still ran when the console died is marked at the next unlock, and only that', async () => {
  const { vault } = await createVault();
  for (const operationId of ['o1', 'o2', 'o3']) {
    vault.operations.start({ operationId, kind: 'deploy', subject: 'plant', startedAt: moment });
  }
  vault.operations.finish('o2', 'succeeded', moment);
  vault.operations.step('o3', 'stage');
  const interrupted = vault.operations.markInterrupted(moment);
  expect(interrupted.map((row) => [row.operationId, row.state, row.step])).toEqual([
    ['o1', 'interrupted', null],
    ['o3', 'interrupted', 'stage'],
  ]);
  expect(vault.operations.markInterrupted(moment)).toEqual([]);
  expect(vault.operations.list(2).map((row) => row.operationId)).toEqual(['o3', 'o2']);
});
