import { expect, test } from 'vitest';
import { packFiles, readPushRecord, unpackFiles, writePushRecord } from '../../../electron/operations/push-record.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow } from '../../support/vault-rows.ts';

const file = (name: string, text: string) => ({ name, content: Buffer.from(text), mode: 0o600, secret: true });

test('a record brings back the files that others may write to, and of the rest their hashes', async () => {
  const { vault } = await createVault();
  vault.brokers.insert(brokerRow('1'));
  expect(readPushRecord(vault.brokers, '1')).toBeUndefined();
  const files = [file('acl', 'user é\n'), file('passwd-devices', 'a:$7$\n'), file('server.key', 'PRIVATE')];
  const record = {
    pushId: 'p',
    ...(await packFiles(files)),
    usernames: ['a'],
    ports: [8883],
    tokenKeyIds: null,
    authorityIds: ['authority-1'],
    serverAuthorityId: 'authority-1',
  };
  writePushRecord(vault.brokers, '1', record);
  const read = readPushRecord(vault.brokers, '1');
  expect(read).toEqual(record);
  if (!read) throw new Error('nothing was kept');
  const { digests, files: unpacked = [] } = await unpackFiles(read);
  expect(Object.keys(digests)).toEqual(['acl', 'passwd-devices', 'server.key']);
  expect(unpacked.map(({ name, content, mode }) => [name, Buffer.from(content).toString(), mode])).toEqual([
    ['acl', 'user é\n', 0o600],
    ['passwd-devices', 'a:$7$\n', 0o600],
  ]);
});
