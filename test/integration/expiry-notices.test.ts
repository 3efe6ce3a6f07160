// What the host is told to show outside of the window before something ends: once a threshold, over restarts too.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '../../electron/platform/log.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';

const dayMs = 86_400_000;
let console: TestConsole;
afterEach(() => console.dispose());

it('tells of an outage a month, a week and a day before, and when it has come', async () => {
  const shown: HostNotice[] = [];
  let now = new Date('2031-05-01T08:00:00Z');
  const options = { clock: { now: () => now }, notify: (notice: HostNotice) => void shown.push(notice) };
  console = await startCommissioned(options);
  const { plantId } = await console.client.plants.create({ name: 'Pump 4', authMethod: 'MTLS' });
  const validity = { days: 40 };
  await console.client.plants.provision({ plantId, keyAlgorithm: 'EC-P256', validity });
  await console.client.plants.activate({ plantId });

  /** The console is closed, some days pass, and it is opened again; answers with what was shown then. */
  const afterDays = async (days: number): Promise<readonly HostNotice[]> => {
    const before = shown.length;
    await console.core.close();
    now = new Date(now.getTime() + days * dayMs);
    console = await startConsole({ ...options, dataDirectory: console.dataDirectory });
    await console.client.vault.unlock({ passphrase });
    // What is looked at comes after the answer to the unlock.
    await console.client.authority.expiries();
    await sleep(50);
    return shown.slice(before);
  };
  expect(await afterDays(1)).toEqual([]);
  expect(await afterDays(11)).toEqual([
    { title: 'A certificate or list about to end: an outage', body: 'Pump 4 on 2031-06-10. See Authority.' },
  ]);
  expect(await afterDays(1)).toEqual([]);
  expect(await afterDays(20)).toHaveLength(1);
  expect(await afterDays(6)).toHaveLength(1);
  expect(await afterDays(0.1)).toEqual([]);
  expect(await afterDays(2)).toMatchObject([{ title: 'A certificate or list ended: connections are refused' }]);
  expect(await afterDays(1)).toEqual([]);
});

it('has nothing to tell, and nothing to complain of, without an authority', async () => {
  const said: unknown[] = [];
  const notify = (notice: HostNotice) => void said.push(notice);
  const logger = { ...silentLogger, error: (...complaint: unknown[]) => void said.push(complaint) };
  console = await startConsole({ notify, logger });
  await console.client.vault.create({ passphrase });
  await sleep(50);
  expect(said).toEqual([]);
});
