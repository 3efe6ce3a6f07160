// What travels to a broker when one plant of ten thousand changes its password, against the size of the files that
// change by it. Bytes in a script travel as base64, which makes four of three.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNames } from '../../../electron/broker/file-names.ts';
import { planFiles } from '../../../electron/broker/plan.ts';
import { ShellStore } from '../../../electron/broker/targets/shell/shell-store.ts';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import { localShell } from '../../support/local-shell.ts';
import type { BenchRow } from '../row.ts';
import { createFleet, foundFiles, prepareFleet, withOneChange } from './fleet.ts';

export const oneChange: BenchRow = {
  name: 'broker/one-change-moves-changed-files-only',
  unit: 'bytes',
  aim: 1.4,
  direction: 'less-is-better',
  async run() {
    const fleet = await createFleet();
    const first = await prepareFleet(fleet, await foundFiles(fleet));
    const second = await prepareFleet(withOneChange(fleet), first);
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    try {
      const directory = join(folder, 'config');
      await mkdir(directory);
      const host = localShell(['sh', '-s']);
      const store = new ShellStore({ host, directory, owner: null, names: Object.values(fileNames) });
      await push(store, 'first', first);
      const before = host.sent();
      await push(store, 'second', second);
      const changed = new Set(
        planFiles(first, second).files.flatMap(({ file, change }) => (change === 'changed' ? [file] : [])),
      );
      return { ours: host.sent() - before, reference: size(second.filter(({ name }) => changed.has(name))) };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const size = (files: BrokerFiles): number => files.reduce((sum, { content }) => sum + content.length, 0);

async function push(store: ShellStore, pushId: string, files: BrokerFiles): Promise<void> {
  const startedAt = new Date().toISOString();
  await store.open({ pushId, startedBy: 'bench', startedAt, wasRunning: true });
  await store.stage(pushId, startedAt, files);
  await store.swap(pushId, files);
  await store.keep(pushId, startedAt);
}
