// A broker that was pushed to once, with two plants revoked since: what the next push must change, and what has to hold
// when that push fails.

import { rm } from 'node:fs/promises';
import { expect } from 'vitest';
import type { OperationContext } from '../../electron/operations/context.ts';
import { revokePlant } from '../../electron/operations/credential-lifecycle.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { BrokerPlace, OpenPlace } from './broker-places.ts';
import { startCommissioned } from './console.ts';
import { contextOver, knock, makeScene, onlyTheRightOnes, openVaultOf, type Scene, whoGetsIn } from './push-scene.ts';
import { type AfterSteps, stepping } from './stepping-target.ts';

export const quietly: StepRunner = (_name, work) => work();

export type PushTrial = {
  readonly scene: Scene;
  readonly context: OperationContext;
  readonly place: BrokerPlace;
  /** A CRL of the same authority without anybody on it. */
  readonly emptyCrl: string;
  /** What the listeners answered, oldest first. */
  readonly reports: ProbeReport[];
  push(after?: AfterSteps, options?: { restart?: boolean }): Promise<void>;
  /** As before the push: the revoked plant is still in, and the next push puts it out. `mend` comes before that. */
  expectUndone(failure: ConsoleError, mend?: () => Promise<unknown>): Promise<void>;
  remove(): Promise<void>;
};

export async function startPushTrial(open: OpenPlace): Promise<PushTrial> {
  const reports: ProbeReport[] = [];
  const console = await startCommissioned();
  const emptyCrl = await (await console.client.authority.crlFile()).text();
  const scene = await makeScene(console);
  await console.core.close();
  const { file, vault } = await openVaultOf(console.dataDirectory);
  const context = contextOver(vault);
  const place = await open(console.dataDirectory, scene.brokerId);

  const push: PushTrial['push'] = (after = {}, options = {}) =>
    pushBroker(context, scene.brokerId, stepping(place.target(), after), quietly, {
      ...options,
      onProbed: (report) => reports.push(report),
    });
  await push();
  expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
  await revokePlant(context, scene.revoked.plantId, { reason: 'keyCompromise' });
  await revokePlant(context, scene.revokedByPassword.plantId, { reason: 'keyCompromise' });

  return {
    scene,
    context,
    place,
    emptyCrl,
    reports,
    push,
    async expectUndone(failure, mend = async () => {}) {
      expect(failure.message).toContain('the previous configuration is in force and answered all');
      expect(reports.at(-1)).toMatchObject({ after: 'undo' });
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'accepted']);
      expect(context.vault.operations.list(1)).toMatchObject([{ state: 'failed', errorCode: failure.code }]);
      await mend();
      await push();
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
    },
    async remove() {
      await place.remove();
      file.close();
      await rm(console.dataDirectory, { recursive: true, force: true });
    },
  };
}

/** What the operator is told when `pushing` fails. */
export async function failureOf(pushing: Promise<void>): Promise<ConsoleError> {
  const error = await pushing.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConsoleError)) throw error;
  return error;
}
