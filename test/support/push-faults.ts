// What may go wrong between the steps of a push, wherever the broker is. After each: nobody gets in who never could,
// everybody who could still can, and the operator is told what happened and what holds.

import { appendFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requireBroker } from '../../electron/operations/brokers.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import { recoverPush } from '../../electron/operations/push-recovery.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { OpenPlace } from './broker-places.ts';
import { contextOver, knock, onlyTheRightOnes, whoGetsIn } from './push-scene.ts';
import { failureOf, type PushTrial, quietly, startPushTrial } from './push-trial.ts';

/** The tests of one place, for use inside of a `describe`. */
export function itSurvivesPushFaults(open: OpenPlace): void {
  let trial: PushTrial;
  beforeEach(async () => {
    trial = await startPushTrial(open);
  });
  afterEach(() => trial.remove());

  // The stores' own tests damage each file in each way.
  it.each([
    ['acl', 'damaged', (path: string) => writeFile(path, 'pattern readwrite #\n')],
    ['passwd-devices', 'emptied', (path: string) => writeFile(path, '')],
    ['ca.crl', 'taken away', (path: string) => rm(path)],
  ])('refuses to swap when the staged %s was %s', async (name, _how, damage) => {
    const failure = await failureOf(trial.push({ staged: () => damage(trial.place.staged(name)) }));
    expect(failure.code).toBe('broker/hash-mismatch');
    await trial.expectUndone(failure);
  });

  it('goes back when an ACL that lets everybody do everything got in after the swap', async () => {
    const failure = await failureOf(
      trial.push({ swapped: () => writeFile(trial.place.live('acl'), 'pattern readwrite #\n', { mode: 0o600 }) }),
    );
    expect(failure).toMatchObject({ code: 'broker/probe-failed', details: { probe: "reading another plant's topic" } });
    expect(failure.details.failed).toContainEqual(expect.stringContaining("writing another plant's topic"));
    await trial.expectUndone(failure);
  });

  it('goes back when a CRL without anybody on it got in after the swap', async () => {
    const failure = await failureOf(
      trial.push({ swapped: () => writeFile(trial.place.live('ca.crl'), trial.emptyCrl) }),
    );
    expect(failure).toMatchObject({ code: 'broker/probe-failed', details: { probe: 'a revoked certificate' } });
    await trial.expectUndone(failure);
  });

  // Mosquitto 2.0 goes on without a file that it cannot read, open to everyone.
  it.each(['acl', 'acl-devices', 'passwd-devices', 'ca.crl'])(
    'goes back when the broker cannot read %s at the reload',
    async (name) => {
      const failure = await failureOf(
        trial.push({ swapped: () => writeFile(trial.place.live(name), 'no such thing\n') }),
      );
      expect(['broker/start-failed', 'broker/probe-failed']).toContain(failure.code);
      await trial.expectUndone(failure);
    },
  );

  it('starts the broker again with what it had when it does not come back', async () => {
    const failure = await failureOf(trial.push({ effective: () => trial.place.kill() }));
    expect(failure.code).toBe('broker/probe-failed');
    expect(trial.reports.at(-2)?.results.every(({ outcome }) => ['unreachable', 'unproven'].includes(outcome))).toBe(
      true,
    );
    await trial.expectUndone(failure);
  });

  it('starts the broker again with what it had when it does not start with the new configuration', async () => {
    const spoilt = () => appendFile(trial.place.live('mosquitto.conf'), 'no_such_option true\n');
    const failure = await failureOf(trial.push({ swapped: spoilt }, { restart: true }));
    expect(failure.code).toBe('broker/start-failed');
    await trial.expectUndone(failure);
  });

  it('refuses a second console while one is at it, and names who is', async () => {
    const other = contextOver(trial.context.vault, 'the other engineer');
    let second: ConsoleError | undefined;
    await trial.push({
      staged: async () => {
        second = await failureOf(pushBroker(other, trial.scene.brokerId, trial.place.target(), quietly));
      },
    });
    expect(second?.code).toBe('broker/push-in-progress');
    expect(second?.message).toContain('tester on ');
    expect([await whoGetsIn(trial.scene), await knock(trial.scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
  });

  it.each(['staged', 'swapped', 'effective'] as const)(
    'that loses the broker once it is %s is undone when the broker is reached again',
    async (step) => {
      let isLost = false;
      const lose = async () => {
        isLost = true;
        throw new ConsoleError('remote/connection-lost');
      };
      const undoing = async () => {
        if (isLost) throw new ConsoleError('remote/unreachable');
      };
      const failure = await failureOf(trial.push({ [step]: lose, undoing }));
      expect(failure).toMatchObject({
        code: 'broker/undo-failed',
        details: { failedWith: 'remote/connection-lost' },
      });
      expect(await whoGetsIn(trial.scene)).toBe(onlyTheRightOnes);
      expect(trial.context.vault.operations.listInterrupted('push')).toHaveLength(1);

      const broker = requireBroker(trial.context, trial.scene.brokerId);
      const said = await recoverPush(trial.context, broker, trial.place.target(), quietly, (report) =>
        trial.reports.push(report),
      );
      expect(said).toContain('undone: the previous configuration is in force and answered all');
      expect(trial.context.vault.operations.listInterrupted('push')).toEqual([]);
      expect([await whoGetsIn(trial.scene), await knock(trial.scene.revoked)]).toEqual([onlyTheRightOnes, 'accepted']);
      await trial.push();
      expect([await whoGetsIn(trial.scene), await knock(trial.scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
    },
  );
}
