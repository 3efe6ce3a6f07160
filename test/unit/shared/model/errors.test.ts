import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCatalog } from '../../../../shared/model/errors.ts';

const folder = join(import.meta.dirname, '../../../../shared/model/error-catalog');

test('every code stands in one family, and every family in the catalog', async () => {
  const families = (await readdir(folder)).filter((name) => name !== 'entry.ts');
  const codes: string[] = [];
  for (const name of families) {
    for (const entries of Object.values(await import(join(folder, name))))
      codes.push(...Object.keys(entries as object));
  }
  expect(codes.toSorted()).toEqual(Object.keys(errorCatalog).toSorted());
});
