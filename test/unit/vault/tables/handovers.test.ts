import { expect, test } from 'vitest';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { handoverRow } from '../../../support/vault-rows.ts';

test('a record keeps what was given, also in the file, and each has the next number', async () => {
  const { file, vault, path } = await createVault();
  expect(vault.handovers.next()).toBe(1);
  const first = handoverRow();
  const second = handoverRow({ number: 2, scope: { kind: 'all' }, recordingIds: [] });
  vault.handovers.insert(first, '{"a":1}');
  vault.handovers.insert(second, '{"b":2}');
  expect(vault.handovers.next()).toBe(3);
  expect(() => vault.handovers.insert(second, '')).toThrow();
  file.close();
  const { handovers } = await vaultFile(path).unlock(testPassphrase);
  expect(handovers.list()).toEqual([second, first]);
  expect(handovers.get(1)).toEqual(first);
  expect(handovers.get(3)).toBeUndefined();
  expect(handovers.files(1)).toBe('{"a":1}');
  expect(() => handovers.files(3)).toThrow(expect.objectContaining({ code: 'handover/not-found' }));
});
