// A CRL of a hundred thousand entries, built, signed and written, against `openssl ca -gencrl` over the same index.txt with
// the same key; openssl's time has the start of its process and the reading of its register in it. Then all that a console
// does with such a CRL, from the import to a push. Of stalls the longest of all counts.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildCrl } from '../../../electron/authority/crl.ts';
import type { AuthorityFiles } from '../../../electron/authority/issuer.ts';
import { benchAuthority } from '../issue/certificates.ts';
import { median, takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import type { CrlMeasurement } from './crl-once.ts';
import type { CrlWays } from './crl-ways-once.ts';
import { readRevocations, revokedRegister } from './register.ts';

const execute = promisify(execFile);
const size = 100_000;
const rounds = 5;

async function inFolder<T>(work: (folder: string, authority: AuthorityFiles) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-bench-crl-'));
  const file = (name: string, content: string) => writeFile(join(folder, name), content, { mode: 0o600 });
  try {
    const authority = await benchAuthority();
    const { certificatePem, privateKeyPem } = authority;
    await file('ca.crt', certificatePem);
    await file('ca.key', privateKeyPem);
    await file('index.txt', revokedRegister(size));
    await file('crlnumber', '02\n');
    await file(
      'ca.cnf',
      `[ca]\ndefault_ca = own\n[own]\ndatabase = ${folder}/index.txt\ncrlnumber = ${folder}/crlnumber\n` +
        `certificate = ${folder}/ca.crt\nprivate_key = ${folder}/ca.key\ndefault_md = sha256\ndefault_crl_days = 365\n` +
        'crl_extensions = crl\n[crl]\nauthorityKeyIdentifier = keyid\n',
    );
    return await work(folder, authority);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureOurs(folder: string): Promise<CrlMeasurement> {
  const { stdout } = await execute(process.execPath, [join(import.meta.dirname, 'crl-once.ts'), folder]);
  return JSON.parse(stdout) as CrlMeasurement;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const crlAgainstOpenssl: BenchRow = {
  name: 'authority/crl-100000-vs-openssl',
  unit: 's',
  aim: 0.2,
  direction: 'less-is-better',
  run: () =>
    inFolder(async (folder, authority) => {
      const entries = await readRevocations(folder);
      const ours = async () => {
        const { crlPem } = await buildCrl({ authority, entries, number: 2n, now: new Date() });
        await writeFile(join(folder, 'ours.crl'), crlPem);
      };
      const config = join(folder, 'ca.cnf');
      const theirs = () => execute('openssl', ['ca', '-gencrl', '-config', config, '-out', join(folder, 'theirs.crl')]);
      const result = await takeTurns(
        7,
        () => secondsOf(ours),
        () => secondsOf(theirs),
      );
      await compare(folder);
      return result;
    }),
};

/** Both revoke the same certificates, or the comparison says nothing. */
async function compare(folder: string): Promise<void> {
  const lengths = await Promise.all(
    ['ours.crl', 'theirs.crl'].map(async (name) => (await readFile(join(folder, name))).length),
  );
  const [ours = 0, theirs = 0] = lengths;
  if (Math.abs(ours - theirs) > 1000) throw new Error(`CRLs of ${ours} and ${theirs} octets`);
}

const longest = (values: readonly number[]): number => Math.max(...values);

const limited = (
  name: string,
  unit: string,
  reference: number,
  of: (run: CrlMeasurement) => number,
  all: (values: number[]) => number,
): BenchRow => ({
  name,
  unit,
  aim: 1,
  direction: 'less-is-better',
  run: () =>
    inFolder(async (folder) => {
      const values: number[] = [];
      for (let round = 0; round < rounds; round += 1) values.push(of(await measureOurs(folder)));
      return { ours: all(values), reference };
    }),
});

export const crlMemory = limited('authority/crl-100000-memory', 'MB', 300, ({ megabytes }) => megabytes, median);
export const crlStall = limited('authority/crl-100000-stall', 'ms', 50, ({ stallMs }) => stallMs, longest);

export const crlWaysStall: BenchRow = {
  name: 'authority/crl-90000-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  run: async () => {
    const { stdout } = await execute(process.execPath, [join(import.meta.dirname, 'crl-ways-once.ts')]);
    return { ours: longest(Object.values(JSON.parse(stdout) as CrlWays)), reference: 50 };
  },
};
