// What may go wrong between the steps of a push, on a local mosquitto and on one behind a shell.

import { describe, expect, it } from 'vitest';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { brokerPlaces } from '../support/broker-places.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { itSurvivesPushFaults } from '../support/push-faults.ts';
import { clientOf, onlyTheRightOnes, whoGetsIn } from '../support/push-scene.ts';
import { failureOf, quietly, startPushTrial } from '../support/push-trial.ts';

const places = Object.entries(brokerPlaces).map(([name, open]) => ({ name, open }));

describe.each(places)('a push to a broker $name', ({ open }) => {
  itSurvivesPushFaults(open);
});

it('a console that ended before it cut off the revoked does so with its next push', async () => {
  const trial = await startPushTrial(brokerPlaces['on this machine']);
  const { context, place, scene } = trial;
  try {
    const session = await MqttSession.open(clientOf(scene.revoked));
    const untilTheCut: StepRunner = (name, work) =>
      name === 'Cut off whoever was revoked' ? Promise.reject(new ConsoleError('vault/locked')) : work();
    const failure = await failureOf(pushBroker(context, scene.brokerId, place.target(), untilTheCut));
    expect(failure.code).toBe('vault/locked');
    expect(await session.isAlive()).toBe(true);
    await pushBroker(context, scene.brokerId, place.target(), quietly);
    await session.ended();
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
  } finally {
    await trial.remove();
  }
});
