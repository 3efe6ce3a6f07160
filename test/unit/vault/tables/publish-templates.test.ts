import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { publishTemplateRow } from '../../../support/vault-rows.ts';

test('a template comes back from the file as it was saved, by name, and its payload is not to be read there', async () => {
  const { file, vault, path } = await createVault();
  const clock = publishTemplateRow();
  const { properties: _, ...plain } = publishTemplateRow({ templateId: 'other', name: 'another', retain: true });
  vault.publishTemplates.put(clock);
  vault.publishTemplates.put(plain);
  vault.publishTemplates.put({ ...clock, name: 'Set its clock' });
  file.close();
  expect((await readFile(path)).includes('pale-blue')).toBe(false);
  const { publishTemplates } = await vaultFile(path).unlock(testPassphrase);
  expect(publishTemplates.list()).toEqual([plain, { ...clock, name: 'Set its clock' }]);
  publishTemplates.delete('other');
  expect(publishTemplates.get('other')).toBeUndefined();
  expect(() => publishTemplates.delete('other')).toThrow(
    expect.objectContaining({ code: 'publish/template-not-found' }),
  );
});
