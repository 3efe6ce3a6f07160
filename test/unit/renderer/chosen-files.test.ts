import { expect, it } from 'vitest';
import { nameOf, tooLarge } from '../../../renderer/features/authority/import/chosen-files.ts';
import { maxAuthorityImportBytes } from '../../../shared/model/authority-import.ts';

const file = (name: string, webkitRelativePath = ''): File => Object.assign(new File([], name), { webkitRelativePath });
const sized = (size: number): File => Object.defineProperty(file('ca.crt'), 'size', { value: size });

it('names a file of a folder by its path below the folder', () => {
  expect(nameOf(file('ca.crt'))).toBe('ca.crt');
  expect(nameOf(file('x.key', 'pki/private/x.key'))).toBe('private/x.key');
});

it('sends nothing that no authority leaves', () => {
  expect(tooLarge([sized(maxAuthorityImportBytes)])).toBeNull();
  expect(tooLarge([sized(maxAuthorityImportBytes), sized(1)])).toMatchObject({ code: 'authority/import-too-large' });
});
