// Files that the operator chose, on their way to the console. What is too large for an authority is refused here already:
// a message of a hundred megabytes would only cost the connection.

import {
  type AuthorityImportInput,
  maxAuthorityImportBytes,
  maxAuthorityImportFiles,
} from '../../../../shared/model/authority-import.ts';
import { errorCatalog } from '../../../../shared/model/errors.ts';
import type { Failure } from '../../../failure.ts';

/** A file of a chosen folder knows its path from there on. */
export const nameOf = ({ name, webkitRelativePath }: File): string =>
  webkitRelativePath === '' ? name : webkitRelativePath.slice(webkitRelativePath.indexOf('/') + 1);

export const sizeOf = (files: readonly File[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** Why these files are not even sent, or null. */
export function tooLarge(files: readonly File[]): Failure | null {
  if (files.length <= maxAuthorityImportFiles && sizeOf(files) <= maxAuthorityImportBytes) return null;
  const code = 'authority/import-too-large';
  return { code, sentence: errorCatalog[code].title, fields: [] };
}

/** The files as the contract takes them; one after the other, so that the window goes on. */
export async function readFiles(files: readonly File[]): Promise<AuthorityImportInput['files']> {
  const read: AuthorityImportInput['files'] = [];
  for (const file of files) read.push({ name: nameOf(file), content: await base64Of(file) });
  return read;
}

/** By the browser's own reader: `btoa` knows no bytes, and would hold the window up. */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
