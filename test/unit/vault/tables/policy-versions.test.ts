import { expect, test } from 'vitest';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { moment } from '../../../support/vault-rows.ts';

const row = { note: 'first', author: 'ada', savedAt: moment, text: '{ "kept": \u00a0"as it is" }\r\n' };

test('each version gets the next number, and its document comes back byte by byte, also from the file', async () => {
  const { file, vault, path } = await createVault();
  expect(vault.policyVersions.list()).toEqual([]);
  expect(vault.policyVersions.insert(row)).toBe(1);
  expect(vault.policyVersions.insert({ ...row, note: 'second' })).toBe(2);
  expect(vault.policyVersions.list().map(({ version, note }) => [version, note])).toEqual([
    [2, 'second'],
    [1, 'first'],
  ]);
  expect(vault.policyVersions.list()[0]).not.toHaveProperty('text');
  file.close();
  const again = await vaultFile(path).unlock(testPassphrase);
  expect(again.policyVersions.get(1)).toEqual({ ...row, version: 1 });
  expect(again.policyVersions.get(3)).toBeUndefined();
});
