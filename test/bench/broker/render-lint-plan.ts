// Everything of a push that needs no broker, for ten thousand plants of which one changed, against what the broker's
// own tool takes to write the same password file once.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digestsByName } from '../../../electron/platform/digest.ts';
import { takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { createFleet, foundFiles, prepareFleet, withOneChange } from './fleet.ts';

const execute = promisify(execFile);

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

export const renderLintPlan: BenchRow = {
  name: 'broker/render-lint-plan-10000',
  unit: 'ms',
  aim: 0.1,
  direction: 'less-is-better',
  async run() {
    const fleet = await createFleet();
    const found = await foundFiles(fleet);
    const changed = withOneChange(fleet);
    const digests = await digestsByName(found);
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    try {
      const [original, copy] = [join(folder, 'original'), join(folder, 'copy')];
      const passwd = found.find(({ name }) => name === 'passwd-devices');
      await writeFile(original, passwd?.content ?? '', { mode: 0o600 });
      return await takeTurns(
        15,
        () => milliseconds(() => prepareFleet(changed, found, digests)),
        async () => {
          await copyFile(original, copy);
          return milliseconds(() => execute('mosquitto_passwd', ['-U', copy]));
        },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
