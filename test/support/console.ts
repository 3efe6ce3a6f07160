import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { ConsoleCore, type ConsoleOptions } from '../../electron/core/console.ts';
import { silentLogger } from '../../electron/platform/log.ts';

export const passphrase = 'correct horse battery staple';

/** A console in a data folder of its own, spoken to through its contract. */
export async function startConsole(options: Partial<ConsoleOptions> = {}) {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'voke-console-test-')));
  const core = new ConsoleCore({
    dataDirectory,
    version: '0.0.0-test',
    logger: silentLogger,
    weakKdfForTestsOnly: { memoryKib: 1024, passes: 1, parallelism: 1 },
    ...options,
  });
  const session = { sessionId: 'test', actor: 'tester', host: 'memory' } as const;
  return {
    core,
    dataDirectory,
    client: createRouterClient(core.router, { context: { session } }),
    /** Stops the console and removes its folder. */
    async dispose() {
      await core.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

export type TestConsole = Awaited<ReturnType<typeof startConsole>>;

/** A console whose vault is open and has an authority, made quickly. */
export async function startCommissioned(options: Partial<ConsoleOptions> = {}): Promise<TestConsole> {
  const started = await startConsole(options);
  await started.client.vault.create({ passphrase });
  await started.client.authority.create({ keyAlgorithm: 'EC-P256', subject: '/O=Test/CN=Test Root' });
  return started;
}
