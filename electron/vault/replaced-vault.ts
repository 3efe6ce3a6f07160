import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../platform/files.ts';

/**
 * Copies the closed vault at `path` to `<path>.replaced-<UTC time>` (0600; ISO 8601 in its basic form, which has no
 * colons: Windows allows none), and a write-ahead log that could not be taken in along with it. Overwrites nothing.
 */
export async function keepReplaced(path: string, at: Date): Promise<void> {
  const name = `${path}.replaced-${at.toISOString().replace(/[-:]/g, '')}`;
  let kept = name;
  for (let copy = 2; existsSync(kept); copy++) kept = `${name}-${copy}`;
  for (const suffix of ['-wal', '']) {
    if (existsSync(path + suffix)) await writeFileAtomically(kept + suffix, await readFile(path + suffix));
  }
}
