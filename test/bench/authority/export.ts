// The whole set of five thousand plants leaves the console: first with every private key, which destroys the copies in the
// vault, then the public set of the same plants. The longest stall of all rounds counts.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { passphrase, startConsole } from '../../support/console.ts';
import type { BenchRow } from '../row.ts';
import { importPlants } from './bulk.ts';

const plants = 5000;
const rounds = 5;

/** A data folder whose vault has the plants; every round works on a copy. */
async function dataFolderOfPlants(folder: string): Promise<string> {
  const dataDirectory = join(folder, 'plants');
  const console = await startConsole({ dataDirectory });
  await console.client.vault.create({ passphrase });
  await console.client.authority.create({ keyAlgorithm: 'EC-P256' });
  await importPlants(console, plants, 'EC-P256');
  await console.core.close();
  return dataDirectory;
}

/** The longest stall in milliseconds. */
async function exportOnce(dataDirectory: string): Promise<number> {
  const { client, core } = await startConsole({ dataDirectory });
  try {
    await client.vault.unlock({ passphrase });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await sleep(20); // it needs one turn to begin counting, and one to count the last
    const withKeys = await client.authority.exportSet({ withPrivateKeys: true });
    const publicOnly = await client.authority.exportSet({});
    await sleep(20);
    delay.disable();
    // A certificate or a key takes a header and at least one more block of a tar.
    if (publicOnly.size < plants * 1024 || withKeys.size < publicOnly.size + plants * 1024) {
      throw new Error('not the whole set');
    }
    return delay.max / 1e6;
  } finally {
    await core.close();
  }
}

export const exportStall: BenchRow = {
  name: 'authority/export-5000-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-export-'));
    try {
      const full = await dataFolderOfPlants(folder);
      const longest: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const copy = join(folder, `${round}`);
        await cp(full, copy, { recursive: true });
        longest.push(await exportOnce(copy));
        await rm(copy, { recursive: true });
      }
      return { ours: Math.max(...longest), reference: 50 };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
