// Files as they go onto a stick: one as it is, many in an archive.

import { packTar } from 'modern-tar';
import { privateFileMode } from '../../platform/files.ts';

export type StickFile = { readonly name: string; readonly content: string };
export type DownloadFile = { readonly name: string; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** The one file, or a tar (POSIX.1-2001) of all. */
export async function packStickFiles(files: readonly StickFile[], at: Date): Promise<DownloadFile> {
  const encoded = files.map(({ name, content }) => ({ name, body: new TextEncoder().encode(content) }));
  const [first] = encoded;
  if (first && encoded.length === 1) return { name: first.name, type: 'application/x-sh', bytes: first.body };
  const bytes = await packTar(
    encoded.map(({ name, body }) => ({
      header: { name, size: body.length, mode: privateFileMode, mtime: at, type: 'file' },
      body,
    })),
  );
  return { name: `voke-bundles-${at.toISOString().slice(0, 10)}.tar`, type: 'application/x-tar', bytes };
}

/** What can be typed on any keyboard and stored on any file system: `Čerpadlo 4` becomes `cerpadlo-4`. */
export const plainFileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '') || 'plant';
