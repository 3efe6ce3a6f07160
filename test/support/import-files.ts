// A folder as an operator chooses it: every file below it, with its path.

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export type SentFile = { readonly name: string; readonly content: string };

export const sentFile = (name: string, content: string | Uint8Array): SentFile => ({
  name,
  content: Buffer.from(content).toString('base64'),
});

export async function filesBelow(directory: string): Promise<SentFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return sentFile(relative(directory, path).split(sep).join('/'), await readFile(path));
      }),
  );
}
