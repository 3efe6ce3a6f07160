import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BenchRow } from '../row.ts';

/** The whole demo on the practice plant, as a newcomer starts it, against the half minute that it may take. */
export const demo: BenchRow = {
  name: 'issue/demo',
  unit: 's',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const start = performance.now();
    await promisify(execFile)(process.execPath, ['scripts/demo.ts', '--json']);
    return { ours: (performance.now() - start) / 1000, reference: 30 };
  },
};
