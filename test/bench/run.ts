// npm run bench -- [--json] [--only PREFIX]: measures ours against a reference, row by row.
// Exit status 1 when a row misses its aim or breaks, or when no row begins with PREFIX; 2 for a wrong argument.

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { cores, threads } from './measure.ts';
import { type BenchResult, type BenchRow, judge } from './row.ts';

// Before anything uses the thread pool: it takes its size at its first job.
process.env.UV_THREADPOOL_SIZE = String(threads);
const { rows } = await import('./rows.ts');

function readArguments(): { json: boolean; only: string } {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
    });
    return values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('usage: npm run bench -- [--json] [--only PREFIX]');
    process.exit(2);
  }
}

/** A row that breaks misses its aim, and the others still run. */
async function measure(row: BenchRow): Promise<BenchResult | undefined> {
  try {
    const result = judge(row, await row.run());
    console.log(
      [
        result.ok ? 'ok    ' : 'MISSED',
        result.name.padEnd(36),
        `${result.ours}`.padStart(8),
        `${result.reference}`.padStart(8),
        `${result.ratio}`.padStart(8),
        `${row.direction === 'more-is-better' ? '>=' : '<='} ${result.aim}`.padStart(8),
        ` ${result.unit}`,
      ].join(' '),
    );
    return result;
  } catch (error) {
    console.log(`BROKE  ${row.name}`);
    console.error(error);
    return undefined;
  }
}

function systemOpenssl(): string {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim().split(' ').slice(0, 2).join(' ');
  } catch {
    return 'no openssl on PATH';
  }
}

const { json, only } = readArguments();
const selected = rows.filter(({ name }) => name.startsWith(only));
console.log(
  `Node ${process.versions.node} with OpenSSL ${process.versions.openssl}, ${cores} cores; ${systemOpenssl()}`,
);
console.log(`       ${'row'.padEnd(36)}     ours reference    ratio      aim  unit`);
const results: BenchResult[] = [];
for (const row of selected) {
  const result = await measure(row);
  if (result) results.push(result);
}
if (selected.length === 0)
  console.error(`No row begins with "${only}". There are: ${rows.map(({ name }) => name).join(', ')}`);
if (json) console.log(JSON.stringify({ rows: results }));
const allMet = selected.length > 0 && results.length === selected.length && results.every(({ ok }) => ok);
process.exitCode = allMet ? 0 : 1;
