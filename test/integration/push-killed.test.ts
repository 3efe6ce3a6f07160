// The console is killed in the middle of a push, at every step. The next one finds out by itself, ends the push one way
// or the other, and says so; meanwhile and afterwards nobody gets in who never could, and everybody who could still can.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Job } from '../../shared/model/job.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { knock, makeScene, onlyTheRightOnes, processTarget, type Scene, whoGetsIn } from '../support/push-scene.ts';

let console: TestConsole;
let scene: Scene;
let leftBehind: (() => Promise<void>) | undefined;
afterEach(async () => {
  await console.dispose();
  await leftBehind?.();
});

/** Runs a console that dies right before this step of its second push. */
async function dieBefore(step: string): Promise<void> {
  const first = await startCommissioned();
  scene = await makeScene(first);
  const { dataDirectory } = first;
  await first.core.close();
  leftBehind = () => processTarget(dataDirectory, scene.brokerId).stop();
  const args = [dataDirectory, scene.brokerId, scene.revoked.plantId, step];
  const script = join(import.meta.dirname, '..', 'support', 'dying-console.ts');
  const dying = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [dying.stdout, dying.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = await once(dying, 'close');
  expect({ signal, said }).toEqual({ signal: 'SIGKILL', said: 'pushed\n' });
  console = await startConsole({ dataDirectory });
}

/** Unlocks, and waits for the job that begins by itself. */
async function recover(): Promise<Job> {
  await console.client.vault.unlock({ passphrase });
  const [job] = await console.client.jobs.list();
  if (!job) throw new Error('nothing began by itself');
  return endOf(console, job);
}

describe.each([
  'Lay the files beside the live ones',
  'Put them in place of the live ones',
  'Let the broker read them',
  'Probe every listener',
])('a console killed before "%s"', (step) => {
  it('leaves a push that the next one undoes by itself', async () => {
    await dieBefore(step);
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);

    const job = await recover();
    expect(job).toMatchObject({ kind: 'recover', subject: 'Broker in trouble', state: 'succeeded' });
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    const [broker] = await console.client.brokers.list();
    expect(broker).toMatchObject({ state: 'running', unfinishedPush: null, pushPending: true });

    const push = await endOf(console, await console.client.brokers.push({ brokerId: scene.brokerId }));
    expect(push.error).toBeNull();
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    expect(await knock(scene.revoked)).toBe('refused');
  });
});

it('keeps a push that was decided for when its console was killed before it could say so', async () => {
  await dieBefore('Keep them');
  expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
  await console.client.vault.unlock({ passphrase });
  const looked = await console.client.brokers.look({ brokerId: scene.brokerId });
  expect(looked.pushPending).toBe(false);
  const [job] = await console.client.jobs.list();
  if (!job) throw new Error('nothing began by itself');
  expect(await endOf(console, job)).toMatchObject({ kind: 'recover', state: 'succeeded' });
  expect((await console.client.brokers.list())[0]).toMatchObject({ unfinishedPush: null, pushPending: false });
  // The broker of the dead console goes on with what was decided.
  expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
});
