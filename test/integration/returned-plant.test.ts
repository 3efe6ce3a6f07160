// A plant that was revoked is provisioned again. Whoever still holds a session with its old certificate, under whatever
// client id, must not be heard again by the push that lets the plant back in.

import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireBroker } from '../../electron/operations/brokers.ts';
import type { OperationContext } from '../../electron/operations/context.ts';
import { provisionPlant, revokePlant } from '../../electron/operations/credential-lifecycle.ts';
import { planBrokerPush, pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { type BrokerPlace, brokerPlaces } from '../support/broker-places.ts';
import { startCommissioned } from '../support/console.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { clientOf, contextOver, knock, makeScene, openVaultOf, type Scene } from '../support/push-scene.ts';
import { stepping } from '../support/stepping-target.ts';

const quietly: StepRunner = (_name, work) => work();

describe('a plant that was revoked and is back', () => {
  let scene: Scene;
  let context: OperationContext;
  let place: BrokerPlace;
  let cleanUp: () => Promise<void>;

  beforeEach(async () => {
    const console = await startCommissioned();
    scene = await makeScene(console);
    await console.core.close();
    const { file, vault } = await openVaultOf(console.dataDirectory);
    context = contextOver(vault);
    place = await brokerPlaces['on this machine'](console.dataDirectory, scene.brokerId);
    cleanUp = async () => {
      await place.remove();
      file.close();
      await rm(console.dataDirectory, { recursive: true, force: true });
    };
    await push();
  });
  afterEach(() => cleanUp());

  const push = (target = place.target()) => pushBroker(context, scene.brokerId, target, quietly);
  const plan = (target = place.target()) => planBrokerPush(context, requireBroker(context, scene.brokerId), target);
  const revoke = () => revokePlant(context, scene.revoked.plantId, { reason: 'keyCompromise' });
  const provisionAgain = (): Promise<ProvisioningPackage> =>
    provisionPlant(context, scene.revoked.plantId, { brokerId: scene.brokerId, keyAlgorithm: 'EC-P256' });
  /** With the plant's certificate, but not with its client id. */
  const openThief = () => {
    const { listener, identity } = clientOf(scene.revoked);
    return MqttSession.open({ listener, identity: { ...identity, clientId: 'thief' } });
  };
  const openKept = () => {
    const [plant] = scene.kept;
    if (!plant) throw new Error('no plant');
    return MqttSession.open(clientOf(plant));
  };
  /** The same broker, which does not say who is connected. */
  const silent = (): ManagedBroker => stepping(place.target(), {});

  it('has lost every session of before with the revocation, so that a reload lets it in', async () => {
    const [thief, kept] = [await openThief(), await openKept()];
    await revoke();
    await push();
    await thief.ended();
    const again = await provisionAgain();
    expect(await plan()).toMatchObject({ needs: 'reload', dropped: { who: 'nobody' } });
    await push();
    expect([await knock(scene.revoked), await knock(again)]).toEqual(['refused', 'accepted']);
    expect(await kept.isAlive()).toBe(true);
    await kept.close();
  });

  it('costs a restart where a session of before may be open', async () => {
    const thief = await openThief();
    await revoke();
    await push(silent());
    expect(await thief.isAlive()).toBe(true);
    const again = await provisionAgain();
    for (const target of [place.target(), silent()])
      expect(await plan(target)).toMatchObject({
        needs: 'restart',
        dropped: { who: 'everyone' },
        notices: expect.arrayContaining([expect.stringContaining('Only a restart')]),
      });
    await push(silent());
    await thief.ended();
    expect([await knock(scene.revoked), await knock(again)]).toEqual(['refused', 'accepted']);
    expect((await plan(silent())).needs).toBe('nothing');
  });

  it('costs a restart where no push came between its revocation and its return', async () => {
    const thief = await openThief();
    await revoke();
    const again = await provisionAgain();
    expect((await plan()).needs).toBe('restart');
    await push();
    await thief.ended();
    expect([await knock(scene.revoked), await knock(again)]).toEqual(['refused', 'accepted']);
  });
});
