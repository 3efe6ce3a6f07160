// The policy service as the files that it is made of: its own module, and whatever that imports, from wherever. So the
// container that runs it needs nothing but Node.

import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { programRoot } from '../../../platform/resources.ts';

export const serviceEntry = 'electron/policy-service.ts';

export type SourceFile = { readonly name: string; readonly content: string };

/** Static imports and re-exports. Node erases those that begin with `import type`. */
const imports = /^\s*(?:import|export)\s+(?!type\b)(?:[\w*{}\s,$]*?\bfrom\s*)?["']([^"']+)["']/gm;

/** Of every package that is imported: what its modules are found by. */
const manifestSchema = z.object({
  exports: z.object({ '.': z.looseObject({ import: z.string().optional(), default: z.string().optional() }) }),
});

/** Named relative to the program's folder, with `/`. Throws what the file system throws. */
export async function policyServiceSources(): Promise<readonly SourceFile[]> {
  const root = await programRoot();
  const found = new Map<string, string>();
  const read = async (path: string): Promise<string> => {
    const content = await readFile(path, 'utf8');
    found.set(relative(root, path).split(sep).join('/'), content);
    return content;
  };
  const waiting = [join(root, ...serviceEntry.split('/'))];
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const content = await read(path);
    for (const [, specifier = ''] of content.matchAll(imports)) {
      if (specifier.startsWith('node:')) continue;
      const target = specifier.startsWith('.') ? join(dirname(path), specifier) : await entryOf(root, specifier, read);
      if (seen.has(target)) continue;
      seen.add(target);
      waiting.push(target);
    }
  }
  found.set('package.json', '{ "private": true, "type": "module" }\n');
  return [...found].map(([name, content]) => ({ name, content })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entryOf(root: string, name: string, read: (path: string) => Promise<string>): Promise<string> {
  const folder = join(root, 'node_modules', ...name.split('/'));
  const entry = manifestSchema.parse(JSON.parse(await read(join(folder, 'package.json')))).exports['.'];
  return join(folder, entry.import ?? entry.default ?? '');
}
