// The console is killed in the middle of a push, at every step, on every kind of target. The next one finds out by
// itself, ends the push one way or the other, and says so; meanwhile and afterwards nobody gets in who never could, and
// everybody who could still can.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerTargetSchema } from '../../shared/model/broker.ts';
import type { Job } from '../../shared/model/job.ts';
import { brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { endOf } from '../support/jobs.ts';
import {
  addLocalBroker,
  knock,
  makeScene,
  onlyTheRightOnes,
  processTarget,
  type Scene,
  whoGetsIn,
} from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { addSshBroker } from '../support/ssh-broker.ts';

type AddBroker = (console: TestConsole) => Promise<string>;

let console: TestConsole;
let scene: Scene;
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await console.dispose();
  for (const work of cleanUp.splice(0).reverse()) await work();
});

/** Runs a console that dies right before this step of its second push. */
async function dieBefore(step: string, addBroker: AddBroker): Promise<void> {
  const first = await startCommissioned();
  scene = await makeScene(first, addBroker);
  const { dataDirectory } = first;
  await first.core.close();
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

function survivesOn(addBroker: AddBroker): void {
  it.each([
    'Lay the files beside the live ones',
    'Put them in place of the live ones',
    'Let the broker read them',
    'Probe every listener',
  ])('before "%s" leaves a push that the next one undoes by itself', async (step) => {
    await dieBefore(step, addBroker);
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);

    const job = await recover();
    expect(job).toMatchObject({ kind: 'recover', subject: 'Broker in trouble', state: 'succeeded' });
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    const { brokerId } = scene;
    expect(await console.client.brokers.look({ brokerId })).toMatchObject({
      state: 'running',
      unfinishedPush: null,
      pushPending: true,
    });

    const push = await endOf(console, await console.client.brokers.push({ brokerId }));
    expect(push.error).toBeNull();
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    expect(await knock(scene.revoked)).toBe('refused');
  });

  it('keeps a push that was decided for when its console was killed before it could say so', async () => {
    await dieBefore('Keep them', addBroker);
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    await console.client.vault.unlock({ passphrase });
    const { brokerId } = scene;
    const looked = await console.client.brokers.look({ brokerId });
    expect(looked.pushPending).toBe(false);
    const [job] = await console.client.jobs.list();
    if (!job) throw new Error('nothing began by itself');
    expect(await endOf(console, job)).toMatchObject({ kind: 'recover', state: 'succeeded' });
    expect(await console.client.brokers.look({ brokerId })).toMatchObject({ unfinishedPush: null, pushPending: false });
    // The broker of the dead console goes on with what was decided.
    expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
  });
}

describe('a console killed while it pushes to a local mosquitto', () => {
  survivesOn(async (first) => {
    const brokerId = await addLocalBroker(first);
    cleanUp.push(() => processTarget(first.dataDirectory, brokerId).stop());
    return brokerId;
  });
});

describeWith(...brokerHostPrograms)('a console killed while it pushes over SSH', () => {
  survivesOn(async (first) => {
    const host = await startBrokerHost('pidFile');
    cleanUp.push(host.stop);
    return addSshBroker(first, host);
  });
});

describeWith(...dockerPrograms)('a console killed while it pushes to a container', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
  });
  afterAll(() => engine.stop());
  survivesOn((first) => {
    cleanUp.push(() => engine.clear());
    const reached = { kind: 'socket', path: engine.socketPath };
    return addLocalBroker(
      first,
      dockerTargetSchema.parse({ kind: 'docker', engine: reached, create: { network: 'host' } }),
    );
  });
});
