// An authority of ten years moves in: its key, its certificate, a register of 100,000 certificates of which every tenth is
// revoked, and the CRL that names those. Measured through the contract, from the files in base64 to the register and the
// next CRL in a vault. The aim is 10 seconds, and that nobody waits for the console meanwhile.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildCrl } from '../../../electron/authority/crl.ts';
import { indexLine } from '../../../electron/authority/export/index-file.ts';
import { newSerialNumber } from '../../../electron/authority/tbs-certificate.ts';
import { passphrase, startConsole } from '../../support/console.ts';
import { type SentFile, sentFile } from '../../support/import-files.ts';
import { benchAuthority } from '../issue/certificates.ts';
import { median } from '../measure.ts';
import type { BenchRow } from '../row.ts';

const entries = 100_000;
const revokedShare = 10;
const rounds = 5;
const dayMs = 86_400_000;

async function filesOfAuthority(): Promise<SentFile[]> {
  const authority = await benchAuthority();
  const now = new Date();
  const certificates = Array.from({ length: entries }, (_, number) => ({
    serialNumber: newSerialNumber().toString('hex'),
    subject: `/C=CZ/O=Works/CN=plant ${number}`,
    notAfter: new Date(now.getTime() + (number % 730) * dayMs),
    revokedAt: number % revokedShare === 0 ? new Date(now.getTime() - number * 60_000) : undefined,
    reason: number % revokedShare === 0 ? ('superseded' as const) : undefined,
    invalidityDate: undefined,
  }));
  const crl = await buildCrl({
    authority,
    entries: certificates.flatMap(({ serialNumber, revokedAt }) =>
      revokedAt ? [{ serialNumber, revokedAt, reason: 'superseded' as const }] : [],
    ),
    number: 41n,
    now,
  });
  return [
    sentFile('ca.crt', authority.certificatePem),
    sentFile('ca.key', authority.privateKeyPem),
    sentFile('ca.crl', crl.crlPem),
    sentFile('index.txt', certificates.map(indexLine).join('')),
    sentFile('crlnumber', '2A\n'),
  ];
}

/** One import into a vault of its own: how long it took, and for how long the event loop stood still at most. */
async function importOnce(files: readonly SentFile[]): Promise<{ seconds: number; stallMs: number }> {
  const { client, dispose } = await startConsole();
  try {
    await client.vault.create({ passphrase });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await sleep(20); // it needs one turn to begin counting, and one to count the last
    const start = performance.now();
    const { crl } = await client.authority.import({ files: [...files] });
    const seconds = (performance.now() - start) / 1000;
    await sleep(20);
    delay.disable();
    if (crl.revokedCount !== entries / revokedShare || crl.number !== '42') throw new Error('not the whole register');
    return { seconds, stallMs: delay.max / 1e6 };
  } finally {
    await dispose();
  }
}

async function measured(): Promise<readonly { seconds: number; stallMs: number }[]> {
  const files = await filesOfAuthority();
  await importOnce(files);
  const turns: { seconds: number; stallMs: number }[] = [];
  for (let round = 0; round < rounds; round++) turns.push(await importOnce(files));
  return turns;
}

export const importIndex: BenchRow = {
  name: 'authority/import-index-100000',
  unit: 's',
  aim: 1,
  direction: 'less-is-better',
  run: async () => ({ ours: median((await measured()).map(({ seconds }) => seconds)), reference: 10 }),
};

export const importIndexStall: BenchRow = {
  name: 'authority/import-index-100000-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  run: async () => ({ ours: Math.max(...(await measured()).map(({ stallMs }) => stallMs)), reference: 50 }),
};
