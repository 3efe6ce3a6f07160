import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const source = join(import.meta.dirname, 'jwt-plugin', 'mosquitto_jwt_auth.c');

export type BuiltPlugin = { readonly path: string; remove(): Promise<void> };

/** Compiles the stand-in for the JWT plugin. Needs gcc, mosquitto-dev and libssl-dev. */
export async function buildJwtPlugin(): Promise<BuiltPlugin> {
  const directory = await mkdtemp(join(tmpdir(), 'voke-jwt-plugin-'));
  const path = join(directory, 'mosquitto_jwt_auth.so');
  await promisify(execFile)('gcc', [
    ...['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-fPIC', '-shared'],
    ...['-o', path, source, '-lcrypto'],
  ]);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
