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
    ports: { mtls: 1, password: 2, token: 3 },
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

test('a host key is pinned', async () => {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.devices.put(deviceRow());
  vault.devices.pinHostKey(plantId('a'), 'fingerprint', '2032-01-01T00:00:00.000Z');
  expect(vault.devices.get(plantId('a'))).toMatchObject({
    hostKeyFingerprint: 'fingerprint',
    updatedAt: '2032-01-01T00:00:00.000Z',
  });
  expect(() => vault.devices.pinHostKey(plantId('b'), 'x', moment)).toThrow(code('device/not-found'));
});
