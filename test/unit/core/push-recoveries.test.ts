import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Jobs } from '../../../electron/core/jobs.ts';
import { LiveBrokers } from '../../../electron/core/live-brokers.ts';
import { PushRecoveries } from '../../../electron/core/push-recoveries.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, moment } from '../../support/vault-rows.ts';

async function scene() {
  const { vault } = await createVault();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'voke-recoveries-'));
  onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }));
  let now = Date.parse(moment);
  const clock = { now: () => new Date(now) };
  const jobs = new Jobs({ clock, logger: silentLogger });
  const brokers = new LiveBrokers({ dataDirectory, clock });
  const interrupt = (operationId: string, subject: string) => {
    vault.operations.start({ operationId, kind: 'push', subject, startedAt: moment });
    vault.operations.interrupt(operationId, moment, 'broker/undo-failed');
  };
  return {
    vault,
    jobs,
    brokers,
    interrupt,
    context: contextOver(vault),
    recoveries: new PushRecoveries({ clock, jobs, brokers }),
    later: (ms: number) => {
      now += ms;
    },
  };
}

test('a push to a broker that was forgotten is closed, and no job begins', async () => {
  const { vault, context, jobs, recoveries, interrupt } = await scene();
  interrupt('p1', 'gone');
  recoveries.startAll(context);
  expect(jobs.list()).toEqual([]);
  expect(vault.operations.get('p1')).toMatchObject({ state: 'failed' });
});

test('a push of which nothing is left on the broker is closed by its job', async () => {
  const { vault, context, jobs, recoveries, interrupt } = await scene();
  vault.brokers.insert(brokerRow('b1', { target: { kind: 'practice' } }));
  interrupt('p1', 'b1');
  recoveries.startAll(context);
  await jobs.close();
  expect(jobs.list()).toMatchObject([{ kind: 'recover', subject: 'Broker b1', state: 'succeeded' }]);
  expect(vault.operations.listInterrupted('push')).toEqual([]);
});

test('nobody disturbs a broker that somebody is at, and one that failed is left in peace for a while', async () => {
  const { vault, context, jobs, brokers, recoveries, interrupt, later } = await scene();
  const row = brokerRow('b1', { target: { kind: 'practice' } });
  vault.brokers.insert(row);
  interrupt('p1', 'b1');
  const release = brokers.reserve('b1');
  recoveries.startIfDue(context, row);
  expect(jobs.list()).toEqual([]);
  release();

  brokers.target(row).unfinished = async () => {
    throw new Error('unreachable');
  };
  recoveries.startIfDue(context, row);
  const jobId = recoveries.jobId('b1') ?? '';
  for await (const job of jobs.watch(jobId)) if (job.state === 'failed') break;
  recoveries.startIfDue(context, row);
  expect(jobs.list()).toHaveLength(1);
  later(10_000);
  recoveries.startIfDue(context, row);
  expect(jobs.list()).toHaveLength(2);
  await jobs.close();
  expect(vault.operations.listInterrupted('push')).toHaveLength(1);
});
