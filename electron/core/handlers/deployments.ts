import { ConsoleError } from '../../../shared/model/errors.ts';
import { deployPlant, deploySteps } from '../../operations/deploy.ts';
import { getDeviceState } from '../../operations/device-states.ts';
import { getPlant } from '../../operations/plants.ts';
import { preflightPlant, setDeviceClock } from '../../operations/preflight.ts';
import type { DeployOutcome } from '../../operations/prove-deployment.ts';
import { rollBackDevice, rollBackSteps } from '../../operations/roll-back-device.ts';
import { devicesToScan, scanDevices, scanSteps } from '../../operations/scan-devices.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveSessions } from '../live-sessions.ts';
import type { ContextOf } from '../operation-context.ts';
import type { Reservations } from '../reservations.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly jobs: Jobs;
  readonly sessions: LiveSessions;
  /** Whose device is being looked at or changed: one thing at a time there. */
  readonly deployments: Reservations;
};

/** The procedures of `plants` that reach its device. */
export function deploymentHandlers({ plants }: Implementer, { contextOf, jobs, sessions, deployments }: Parts) {
  return {
    preflight: plants.preflight.handler(async ({ input: { plantId }, context }) => {
      const operation = contextOf(context);
      const release = deployments.take(plantId);
      return await preflightPlant(operation, plantId).finally(release);
    }),
    setDeviceClock: plants.setDeviceClock.handler(({ input, context }) =>
      setDeviceClock(contextOf(context), input.plantId),
    ),
    deploy: plants.deploy.handler(({ input: { plantId, verify, overrule }, context }) => {
      const operation = contextOf(context);
      const { name } = getPlant(operation, plantId);
      const release = deployments.take(plantId);
      const options = {
        overrule,
        ...(verify && { verify: { ...verify, sessions: sessions.watchFor(operation) } }),
      };
      return {
        jobId: startReleasing(jobs, { kind: 'deploy', name, steps: deploySteps }, release, async (step) =>
          failUnlessDone(await deployPlant(operation, plantId, step, options)),
        ),
      };
    }),
    rollBackDevice: plants.rollBackDevice.handler(({ input: { plantId, evenIfRetired }, context }) => {
      const operation = contextOf(context);
      const { name } = getPlant(operation, plantId);
      const release = deployments.take(plantId);
      return {
        jobId: startReleasing(jobs, { kind: 'rollBack', name, steps: rollBackSteps }, release, (step) =>
          rollBackDevice(operation, plantId, step, { evenIfRetired }),
        ),
      };
    }),
    deviceState: plants.deviceState.handler(({ input, context }) => getDeviceState(contextOf(context), input.plantId)),
  };
}

export function devicesHandlers({ devices }: Implementer, { contextOf, jobs, deployments }: Parts) {
  return {
    scan: devices.scan.handler(({ input: { plantIds }, context }) => {
      const operation = contextOf(context);
      const wanted = devicesToScan(operation, plantIds);
      const jobId = jobs.start('scan', 'Devices', scanSteps(wanted.length), (step) =>
        scanDevices(operation, wanted, step, (plantId) => deployments.take(plantId)),
      );
      return { jobId };
    }),
  };
}

/** Starts a job that gives its reservation back when it ends, or cannot begin. */
function startReleasing(
  jobs: Jobs,
  { kind, name, steps }: { kind: 'deploy' | 'rollBack'; name: string; steps: number },
  release: () => void,
  work: Parameters<Jobs['start']>[3],
): string {
  try {
    return jobs.start(kind, name, steps, (step, onProbed) => work(step, onProbed).finally(release));
  } catch (error) {
    release();
    throw error;
  }
}

/** A job ends well only when what was asked for came true. */
function failUnlessDone({ state }: DeployOutcome): void {
  if (state === 'unverified') throw new ConsoleError('device/no-session');
  if (state === 'rolledBack') throw new ConsoleError('device/rolled-back');
}
