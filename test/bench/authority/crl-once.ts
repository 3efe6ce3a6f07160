// A process of its own that builds and signs a CRL over the index.txt of a folder, with its ca.crt and ca.key, and writes
// it there as ours.crl. It tells how long the event loop stood still meanwhile, and the most memory that the process ever
// had.
// Usage: node crl-once.ts FOLDER

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCrl } from '../../../electron/authority/crl.ts';
import { longestStall } from '../stall.ts';
import { readRevocations } from './register.ts';

export type CrlMeasurement = { readonly stallMs: number; readonly megabytes: number };

const folder = process.argv[2] ?? '.';
const file = (name: string) => readFile(join(folder, name), 'utf8');

const authority = { certificatePem: await file('ca.crt'), privateKeyPem: await file('ca.key') };
const entries = await readRevocations(folder);
const stallMs = await longestStall(async () => {
  const { crlPem } = await buildCrl({ authority, entries, number: 2n, now: new Date() });
  await writeFile(join(folder, 'ours.crl'), crlPem);
});
const measurement: CrlMeasurement = {
  stallMs,
  megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
};
process.stdout.write(JSON.stringify(measurement));
