// Plants in bulk as an operator imports them: the file is read, keys and certificates are made under the default
// authority of RSA-4096, packages are sealed, and all of it is stored in the vault.

import { generateKeyPair, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LeafKeyAlgorithm } from '../../../shared/model/certificate.ts';
import { passphrase, startConsole, type TestConsole } from '../../support/console.ts';
import { endOf } from '../../support/jobs.ts';
import { deviceCertificateScript } from '../issue/against-openssl.ts';
import { benchAuthority } from '../issue/certificates.ts';
import { inFlight, perSecond, takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';

const generate = promisify(generateKeyPair);

async function withConsole<T>(work: (console: TestConsole) => Promise<T>): Promise<T> {
  const console = await startConsole();
  try {
    await console.client.vault.create({ passphrase });
    await console.client.authority.create({});
    return await work(console);
  } finally {
    await console.dispose();
  }
}

export async function importPlants(console: TestConsole, count: number, keyAlgorithm: LeafKeyAlgorithm): Promise<void> {
  const lines = Array.from({ length: count }, (_, number) => `Plant ${number},Site ${number % 9},MTLS`);
  const csv = ['name,site,auth method', ...lines].join('\n');
  const { error } = await endOf(console, await console.client.plants.import({ csv, issue: { keyAlgorithm } }));
  if (error) throw new Error(error.detail);
}

async function plantsPerSecond(console: TestConsole, count: number): Promise<number> {
  const start = performance.now();
  await importPlants(console, count, 'RSA-2048');
  return (count / (performance.now() - start)) * 1000;
}

export const bulkAgainstKeyGeneration: BenchRow = {
  name: 'authority/bulk-rsa-2048-vs-keygen',
  unit: 'plants/s',
  aim: 0.85,
  direction: 'more-is-better',
  run: () =>
    withConsole((console) =>
      takeTurns(
        7,
        () => plantsPerSecond(console, 100),
        () => perSecond(100, inFlight, () => generate('rsa', { modulusLength: 2048 })),
      ),
    ),
};

export const bulkAgainstOpenssl: BenchRow = {
  name: 'authority/bulk-rsa-2048-vs-openssl',
  unit: 'plants/s',
  aim: 5,
  direction: 'more-is-better',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    try {
      const authority = await benchAuthority();
      await writeFile(join(folder, 'ca.crt'), authority.certificatePem);
      await writeFile(join(folder, 'ca.key'), authority.privateKeyPem, { mode: 0o600 });
      const script = () => deviceCertificateScript(folder, randomUUID(), (file) => ['genrsa', '-out', file, '2048']);
      return await withConsole((console) =>
        takeTurns(
          5,
          () => plantsPerSecond(console, 100),
          () => perSecond(12, 1, script),
        ),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** The longest stall of some imports of a thousand plants. */
export const bulkStall: BenchRow = {
  name: 'authority/bulk-1000-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  run: () =>
    withConsole(async (console) => {
      const longest: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        await sleep(20); // it needs one turn to begin counting, and one to count the last
        await importPlants(console, 1000, 'EC-P256');
        await sleep(20);
        delay.disable();
        longest.push(delay.max / 1e6);
      }
      return { ours: Math.max(...longest), reference: 50 };
    }),
};
