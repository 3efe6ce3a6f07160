// What may go wrong between the steps of a push, on a local mosquitto and on one behind a shell. After each: nobody gets
// in who never could, everybody who could still can, and the operator is told what happened and what holds.

import { appendFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireBroker } from '../../electron/operations/brokers.ts';
import type { OperationContext } from '../../electron/operations/context.ts';
import { revokePlant } from '../../electron/operations/credential-lifecycle.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import { recoverPush } from '../../electron/operations/push-recovery.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import { type BrokerPlace, brokerPlaces } from '../support/broker-places.ts';
import { startCommissioned } from '../support/console.ts';
import {
  contextOver,
  knock,
  makeScene,
  onlyTheRightOnes,
  openVaultOf,
  type Scene,
  whoGetsIn,
} from '../support/push-scene.ts';
import { type AfterSteps, stepping } from '../support/stepping-target.ts';

const quietly: StepRunner = (_name, work) => work();
const places = Object.entries(brokerPlaces).map(([name, open]) => ({ name, open }));

describe.each(places)('a push to a broker $name', ({ open }) => {
  let scene: Scene;
  let context: OperationContext;
  let place: BrokerPlace;
  let emptyCrl: string;
  let reports: ProbeReport[];
  let cleanUp: () => Promise<void>;

  /** A broker that was pushed to once; since then two plants were revoked. */
  beforeEach(async () => {
    reports = [];
    const console = await startCommissioned();
    emptyCrl = await (await console.client.authority.crlFile()).text();
    scene = await makeScene(console);
    await console.core.close();
    const { file, vault } = await openVaultOf(console.dataDirectory);
    context = contextOver(vault);
    place = await open(console.dataDirectory, scene.brokerId);
    cleanUp = async () => {
      await place.remove();
      file.close();
      await rm(console.dataDirectory, { recursive: true, force: true });
    };
    await push();
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
    await revokePlant(context, scene.revoked.plantId, 'keyCompromise');
    await revokePlant(context, scene.revokedByPassword.plantId, 'keyCompromise');
  });
  afterEach(() => cleanUp());

  const push = (after: AfterSteps = {}, options: { restart?: boolean } = {}) =>
    pushBroker(context, scene.brokerId, stepping(place.target(), after), quietly, {
      ...options,
      onProbed: (report) => reports.push(report),
    });

  const failureOf = async (pushing: Promise<void>): Promise<ConsoleError> => {
    const error = await pushing.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ConsoleError)) throw error;
    return error;
  };

  /** As before the push: the revoked plant is still in, and the next push puts it out. */
  const expectUndone = async (failure: ConsoleError) => {
    expect(failure.message).toContain('the previous configuration is in force and answered all');
    expect(reports.at(-1)).toMatchObject({ after: 'undo' });
    expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'accepted']);
    expect(context.vault.operations.list(1)).toMatchObject([{ state: 'failed', errorCode: failure.code }]);
    await push();
    expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
  };

  it.each(['acl', 'passwd-devices', 'ca.crl'])(
    'refuses to swap when the staged %s was damaged, cut or taken away',
    async (name) => {
      const damages = [
        () => writeFile(place.staged(name), 'pattern readwrite #\n'),
        () => writeFile(place.staged(name), ''),
        () => rm(place.staged(name)),
      ];
      const failures: ConsoleError[] = [];
      for (const staged of damages) failures.push(await failureOf(push({ staged })));
      expect(failures.map(({ code }) => code)).toEqual(damages.map(() => 'broker/hash-mismatch'));
      for (const failure of failures.slice(-1)) await expectUndone(failure);
    },
  );

  it('goes back when an ACL that lets everybody do everything got in after the swap', async () => {
    const failure = await failureOf(
      push({ swapped: () => writeFile(place.live('acl'), 'pattern readwrite #\n', { mode: 0o600 }) }),
    );
    expect(failure).toMatchObject({ code: 'broker/probe-failed', details: { probe: "reading another plant's topic" } });
    expect(failure.details.failed).toContainEqual(expect.stringContaining("writing another plant's topic"));
    await expectUndone(failure);
  });

  it('goes back when a CRL without anybody on it got in after the swap', async () => {
    const failure = await failureOf(push({ swapped: () => writeFile(place.live('ca.crl'), emptyCrl) }));
    expect(failure).toMatchObject({ code: 'broker/probe-failed', details: { probe: 'a revoked certificate' } });
    await expectUndone(failure);
  });

  // Mosquitto 2.0 goes on without a file that it cannot read, open to everyone.
  it.each(['acl', 'acl-devices', 'passwd-devices', 'ca.crl'])(
    'goes back when the broker cannot read %s at the reload',
    async (name) => {
      const failure = await failureOf(push({ swapped: () => writeFile(place.live(name), 'no such thing\n') }));
      expect(['broker/start-failed', 'broker/probe-failed']).toContain(failure.code);
      await expectUndone(failure);
    },
  );

  it('starts the broker again with what it had when it does not come back', async () => {
    const failure = await failureOf(push({ effective: () => place.kill() }));
    expect(failure.code).toBe('broker/probe-failed');
    expect(reports.at(-2)?.results.every(({ outcome }) => ['unreachable', 'unproven'].includes(outcome))).toBe(true);
    await expectUndone(failure);
  });

  it('starts the broker again with what it had when it does not start with the new configuration', async () => {
    const spoilt = () => appendFile(place.live('mosquitto.conf'), 'no_such_option true\n');
    const failure = await failureOf(push({ swapped: spoilt }, { restart: true }));
    expect(failure.code).toBe('broker/start-failed');
    await expectUndone(failure);
  });

  it('refuses a second console while one is at it, and names who is', async () => {
    const other = contextOver(context.vault, 'the other engineer');
    let second: ConsoleError | undefined;
    await push({
      staged: async () => {
        second = await failureOf(pushBroker(other, scene.brokerId, place.target(), quietly));
      },
    });
    expect(second?.code).toBe('broker/push-in-progress');
    expect(second?.message).toContain('tester on ');
    expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
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
      const failure = await failureOf(push({ [step]: lose, undoing }));
      expect(failure).toMatchObject({
        code: 'broker/undo-failed',
        details: { failedWith: 'remote/connection-lost' },
      });
      expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
      expect(context.vault.operations.listInterrupted('push')).toHaveLength(1);

      const broker = requireBroker(context, scene.brokerId);
      const said = await recoverPush(context, broker, place.target(), quietly, (report) => reports.push(report));
      expect(said).toContain('undone: the previous configuration is in force and answered all');
      expect(context.vault.operations.listInterrupted('push')).toEqual([]);
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'accepted']);
      await push();
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
    },
  );
});
