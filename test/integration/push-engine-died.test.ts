// The Docker engine dies in the middle of a push. Until it is back the push is open, and the operator knows; then the
// set that was in force before is whole again, whatever step the push had reached.

import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveBrokers } from '../../electron/core/live-brokers.ts';
import { requireBroker } from '../../electron/operations/brokers.ts';
import type { OperationContext } from '../../electron/operations/context.ts';
import { revokePlant } from '../../electron/operations/credential-lifecycle.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import { recoverPush } from '../../electron/operations/push-recovery.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { dockerTargetSchema } from '../../shared/model/broker.ts';
import type { BrokerFiles, ManagedBroker } from '../../shared/model/broker-files.ts';
import { startCommissioned } from '../support/console.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import {
  addLocalBroker,
  contextOver,
  knock,
  makeScene,
  onlyTheRightOnes,
  openVaultOf,
  type Scene,
  whoGetsIn,
} from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { type AfterSteps, stepping } from '../support/stepping-target.ts';

const quietly: StepRunner = (_name, work) => work();

describeWith(...dockerPrograms)('a Docker engine that dies during a push', () => {
  let engine: DockerEngine;
  let scene: Scene;
  let context: OperationContext;
  let target: ManagedBroker;
  let before: BrokerFiles | undefined;
  let cleanUp: () => Promise<void>;

  /** A broker that was pushed to once; since then one plant was revoked. */
  beforeEach(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
    const console = await startCommissioned();
    const reached = { kind: 'socket', path: engine.socketPath };
    const settings = dockerTargetSchema.parse({ kind: 'docker', engine: reached, create: { network: 'host' } });
    scene = await makeScene(console, (registered) => addLocalBroker(registered, settings));
    await console.core.close();
    const { dataDirectory } = console;
    const { file, vault } = await openVaultOf(dataDirectory);
    cleanUp = async () => {
      await engine.stop();
      file.close();
      await rm(dataDirectory, { recursive: true, force: true });
    };
    context = contextOver(vault);
    target = new LiveBrokers({ dataDirectory, clock: systemClock }).target(requireBroker(context, scene.brokerId));
    await push();
    before = await target.current();
    await revokePlant(context, scene.revoked.plantId, { reason: 'keyCompromise' });
  });
  afterEach(() => cleanUp());

  const push = (after: AfterSteps = {}) => pushBroker(context, scene.brokerId, stepping(target, after), quietly);

  it.each(['staged', 'swapped', 'effective'] as const)(
    'once it is %s leaves a push that is undone when the engine is back',
    async (step) => {
      const failing = step === 'effective' ? { effective: dies } : { [step]: () => engine.crash() };
      await expect(push(failing)).rejects.toMatchObject({ code: 'broker/undo-failed' });
      expect(context.vault.operations.listInterrupted('push')).toHaveLength(1);
      // The broker outlives its engine.
      expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);

      await engine.revive();
      const broker = requireBroker(context, scene.brokerId);
      expect(await recoverPush(context, broker, target, quietly)).toContain(
        'undone: the previous configuration is in force and answered all',
      );
      expect(await target.current()).toEqual(before);
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'accepted']);
      await push();
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
    },
  );

  /** The probes do not need the engine: what fails is the step itself. */
  async function dies(): Promise<void> {
    await engine.crash();
    await target.describe();
  }
});
