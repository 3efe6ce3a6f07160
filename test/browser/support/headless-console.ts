import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { v8Flags } from '../../../scripts/v8-flags.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export type HeadlessConsole = {
  /** The start address, good for one visit. */
  readonly url: string;
  readonly token: string;
  readonly dataDirectory: string;
  readonly pid: number;
  /** What it wrote to its standard error so far. */
  logged(): string;
  stop(): Promise<void>;
};

/** A real headless console with a data folder and a port of its own. */
export async function startHeadlessConsole(): Promise<HeadlessConsole> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'voke-browser-'));
  const child = spawn(
    process.execPath,
    [...v8Flags, join(root, 'electron', 'headless.ts'), '--data-dir', dataDirectory, '--port', '0', '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(dataDirectory, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, token } = JSON.parse(line) as { url: string; token: string };
    return { url, token, dataDirectory, pid: child.pid ?? 0, logged: () => log, stop };
  }
  await stop();
  throw new Error(`the headless console did not start:\n${log}`);
}
