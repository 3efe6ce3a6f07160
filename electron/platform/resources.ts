// What ships beside the program: resources/, next to package.json, above this file in the source tree as above a bundle.

import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The text of a file below resources/. Throws what the file system throws. */
export async function readResource(name: string): Promise<string> {
  return readFile(join(await programRoot(), 'resources', name), 'utf8');
}

/** The folder of the program: package.json, its sources, and node_modules lie there. */
export const programRoot = (): Promise<string> => findRoot(import.meta.dirname);

async function findRoot(directory: string): Promise<string> {
  const isRoot = await access(join(directory, 'package.json')).then(
    () => true,
    () => false,
  );
  const parent = dirname(directory);
  return isRoot || parent === directory ? directory : findRoot(parent);
}
