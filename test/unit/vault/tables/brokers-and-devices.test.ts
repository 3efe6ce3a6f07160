import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import {
  authorityRow,
  brokerRow,
  certificateRow,
  deviceRow,
  moment,
  plantId,
  plantRow,
} from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

test('a broker is kept, listed by name, changed and forgotten', async () => {
  const { vault } = await createVault();
  vault.authorities.insert(authorityRow(), 'key');
  vault.certificates.insert(certificateRow('0a', { kind: 'broker' }));
  vault.brokers.insert(brokerRow('2', { name: 'zeta', target: { kind: 'process' } }));
  vault.brokers.insert(brokerRow('1', { name: 'Alpha' }));
  expect(vault.brokers.list().map((broker) => broker.brokerId)).toEqual(['1', '2']);

  const change = {
    subjectAltNames: [],
    certificateSerialNumber: '0a',
    lastPushedAt: moment,
    lastPushDigest: 'abc',
  };
  vault.brokers.update('2', change);
  expect(vault.brokers.get('2')).toEqual(brokerRow('2', { name: 'zeta', target: { kind: 'process' }, ...change }));
  expect(vault.brokers.get('1')).toEqual(brokerRow('1', { name: 'Alpha' }));

  vault.brokers.delete('2');
  expect(vault.brokers.get('2')).toBeUndefined();
  expect(vault.certificates.get('0a')).toBeDefined();
  expect(() => vault.brokers.update('2', { name: 'x' })).toThrow(code('broker/not-found'));
});

test('a broker has the ports of its profile', async () => {
  const { vault } = await createVault();
  const plantops = brokerRow('1', {}, { profile: 'plantops', ports: { mqtt: 1883, webSockets: 9001 } });
  vault.brokers.insert(plantops);
  expect(vault.brokers.get('1')).toEqual(plantops);
  vault.brokers.insert({ ...brokerRow('2'), ports: plantops.ports } as never);
  expect(() => vault.brokers.get('2')).toThrow(code('vault/damaged'));
});

test('a broker name is taken once', async () => {
  const { vault } = await createVault();
  vault.brokers.insert(brokerRow('1', { name: 'one' }));
  vault.brokers.insert(brokerRow('2', { name: 'two' }));
  expect(() => vault.brokers.insert(brokerRow('3', { name: 'one' }))).toThrow(code('broker/exists'));
  expect(() => vault.brokers.update('2', { name: 'one' })).toThrow(code('broker/exists'));
});

test('a device keeps its login secret until it gets another', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.devices.put(deviceRow());
  expect(vault.devices.loginSecret(plantId('a'))).toBeUndefined();
  vault.devices.put(deviceRow(), 'first');
  vault.devices.put(deviceRow({ host: '192.0.2.7', port: 2222 }));
  expect(vault.devices.get(plantId('a'))).toEqual(deviceRow({ host: '192.0.2.7', port: 2222 }));
  expect(vault.devices.loginSecret(plantId('a'))).toBe('first');
  vault.devices.put(deviceRow(), 'second');
  expect(vault.devices.loginSecret(plantId('a'))).toBe('second');
  expect(vault.devices.list()).toEqual([deviceRow()]);
  vault.devices.delete(plantId('a'));
  expect(vault.devices.list()).toEqual([]);
  expect(vault.plants.get(plantId('a'))).toBeDefined();
});

test('a device keeps its settings, and is found by its host key', async () => {
  const { vault } = await createVault();
  const one = deviceRow({
    transport: 'scp',
    rights: 'doas',
    owner: 'mqtt:mqtt',
    restartCommand: 'reload',
    jump: { host: 'jump.example', port: 2222, username: 'hop' },
    allowsLegacyAlgorithms: true,
    hostKeyFingerprint: 'pinned',
  });
  const other = deviceRow({ plantId: plantId('b') });
  vault.plants.insert(plantRow('a'));
  vault.plants.insert(plantRow('b'));
  vault.devices.put(one);
  vault.devices.put(other);
  expect(vault.devices.get(one.plantId)).toEqual(one);
  expect(vault.devices.listByHostKey('pinned')).toEqual([one]);
  vault.devices.pinHostKey(one.plantId, 'jump', 'key of the jump host', moment);
  expect(vault.devices.get(one.plantId)).toMatchObject({
    hostKeyFingerprint: 'pinned',
    jumpHostKeyFingerprint: 'key of the jump host',
  });
});

test('a host key is pinned', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.devices.put(deviceRow());
  vault.devices.pinHostKey(plantId('a'), 'device', 'fingerprint', '2032-01-01T00:00:00.000Z');
  expect(vault.devices.get(plantId('a'))).toMatchObject({
    hostKeyFingerprint: 'fingerprint',
    updatedAt: '2032-01-01T00:00:00.000Z',
  });
  expect(() => vault.devices.pinHostKey(plantId('b'), 'device', 'x', moment)).toThrow(code('device/not-found'));
});

test('what is sealed beside a broker is kept apart from its row, and goes with it', async () => {
  const { vault } = await createVault();
  vault.brokers.insert(brokerRow('1'));
  expect([vault.brokers.targetSecret('1'), vault.brokers.pushRecord('1'), vault.brokers.probeAccount('1')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  vault.brokers.putTargetSecret('1', 'login');
  vault.brokers.putPushRecord('1', 'record');
  const account = { brokerId: '1', plantId: plantId('b'), passwordHash: '$7$' };
  vault.brokers.insertProbeAccount(account, 'password');
  expect(vault.brokers.targetSecret('1')).toBe('login');
  expect(vault.brokers.pushRecord('1')).toBe('record');
  expect(vault.brokers.probeAccount('1')).toEqual(account);
  expect(vault.brokers.probePassword('1')).toBe('password');
  expect(vault.brokers.consoleAccount('1')).toBeUndefined();
  vault.brokers.insertConsoleAccount({ brokerId: '1', passwordHash: '$7$own' }, 'own password');
  expect(vault.brokers.consoleAccount('1')).toEqual({ brokerId: '1', passwordHash: '$7$own' });
  expect(vault.brokers.consolePassword('1')).toBe('own password');
  expect(vault.brokers.get('1')).toEqual(brokerRow('1'));

  vault.brokers.putTargetSecret('1', undefined);
  expect(vault.brokers.targetSecret('1')).toBeUndefined();
  vault.brokers.delete('1');
  expect(vault.brokers.probeAccount('1')).toBeUndefined();
  expect(vault.brokers.consoleAccount('1')).toBeUndefined();
  expect(() => vault.brokers.putTargetSecret('1', 'login')).toThrow(code('broker/not-found'));
});
