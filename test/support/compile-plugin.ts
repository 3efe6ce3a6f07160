import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export type BuiltPlugin = { readonly path: string; remove(): Promise<void> };

/** Compiles a Mosquitto plugin of one C file. Needs gcc and mosquitto-dev. */
export async function compilePlugin(source: string, libraries: readonly string[] = []): Promise<BuiltPlugin> {
  const directory = await mkdtemp(join(tmpdir(), 'voke-plugin-'));
  const path = join(directory, basename(source).replace(/\.c$/, '.so'));
  await promisify(execFile)('gcc', [
    ...['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-fPIC', '-shared'],
    ...['-o', path, source, ...libraries],
  ]);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
