import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AuthorityImportInput, maxAuthorityImportBytes } from '../../shared/model/authority-import.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ImportFile } from '../authority/import/material.ts';

/** Files to a turn of the event loop. */
const decodedAtOnce = 200;

/** The files as bytes. Throws `authority/import-too-large`, `authority/import-unreadable`. */
export async function decodeFiles(files: AuthorityImportInput['files']): Promise<ImportFile[]> {
  const bytes = files.reduce((sum, { content }) => sum + decodedLength(content), 0);
  if (bytes > maxAuthorityImportBytes) {
    throw new ConsoleError('authority/import-too-large', {
      because: `${Math.ceil(bytes / megabyte)} MB of at most ${maxAuthorityImportBytes / megabyte}`,
    });
  }
  const decoded: ImportFile[] = [];
  for (const { name, content } of files) {
    const bytesOf = Buffer.from(content, 'base64');
    if (bytesOf.length !== decodedLength(content))
      throw new ConsoleError('authority/import-unreadable', { because: name });
    decoded.push({ name: name.replaceAll('\\', '/'), content: bytesOf });
    if (decoded.length % decodedAtOnce === 0) await nextTurn();
  }
  return decoded;
}

const megabyte = 1024 * 1024;

/** Of padded base64; whatever is none decodes to fewer bytes. */
const decodedLength = (base64: string): number =>
  (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
