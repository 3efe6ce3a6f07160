import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { moment, plantId, plantRow } from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

test('a new active token key leaves the one before trusted, until that is retired', async () => {
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
  expect(vault.tokenKeys.list()).toEqual([key('k2'), { ...key('k1'), state: 'trusted' }]);
  vault.tokenKeys.setState('k1', 'active');
  expect(vault.tokenKeys.list().map(({ state }) => state)).toEqual(['trusted', 'active']);
  vault.tokenKeys.setState('k2', 'retired');
  expect(vault.tokenKeys.list().map(({ state }) => state)).toEqual(['retired', 'active']);
  expect(() => vault.tokenKeys.setState('k3', 'active')).toThrow(code('authority/token-key-not-found'));
  // The failed change is undone as a whole: the key that signed still does.
  expect(vault.tokenKeys.active()?.keyId).toBe('k1');
  expect(vault.tokenKeys.privateKeyPem('k1')).toBe('private 1');
  expect(vault.tokenKeys.privateKeyPem('k2')).toBe('private 2');
  expect(() => vault.tokenKeys.privateKeyPem('k3')).toThrow(code('internal/unexpected'));
});

test('of the tokens of a plant the newest is remembered, as long as the plant', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  for (const keyId of ['k1', 'k2'])
    vault.tokenKeys.insert({ keyId, publicKeyPem: 'public', state: 'trusted', createdAt: moment }, 'private');
  const issue = { plantId: plantId('a'), keyId: 'k1', issuedAt: moment, expiresAt: moment };
  vault.tokenKeys.noteIssue(issue);
  vault.tokenKeys.noteIssue({ ...issue, keyId: 'k2' });
  expect(vault.tokenKeys.issues()).toEqual([{ ...issue, keyId: 'k2' }]);
  vault.plants.delete(plantId('a'));
  expect(vault.tokenKeys.issues()).toEqual([]);
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

test('an operation whose outcome is not known is found again until it is resolved', async () => {
  const { vault } = await createVault();
  for (const operationId of ['o1', 'o2'])
    vault.operations.start({ operationId, kind: 'push', subject: 'broker', startedAt: moment });
  vault.operations.interrupt('o1', moment, 'broker/undo-failed');
  expect(vault.operations.listInterrupted('deploy')).toEqual([]);
  expect(vault.operations.listInterrupted('push')).toMatchObject([
    { operationId: 'o1', state: 'interrupted', errorCode: 'broker/undo-failed' },
  ]);
  vault.operations.resolve('o1', 'failed', moment);
  expect(vault.operations.listInterrupted('push')).toEqual([]);
  expect(vault.operations.get('o1')).toMatchObject({ state: 'failed', errorCode: 'broker/undo-failed' });
  expect(() => vault.operations.resolve('o2', 'failed', moment)).toThrow(code('internal/unexpected'));
});
