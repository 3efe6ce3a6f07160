import { confirmBrokerHostKey, readBrokerHostKey, setBrokerLogin } from '../../operations/broker-access.ts';
import { addBroker, deleteBroker, requireBroker } from '../../operations/brokers.ts';
import { setEngineTls } from '../../operations/docker-access.ts';
import { exportBroker } from '../../operations/export-broker.ts';
import { goBackTo, listGenerations, planGoingBack } from '../../operations/generations.ts';
import { planBrokerPush, pushBroker, pushSteps } from '../../operations/push.ts';
import { takeBrokersRevocationsIn } from '../../operations/push-files.ts';
import { recoverySteps, takeOverPush } from '../../operations/push-recovery.ts';
import type { BrokerViews } from '../broker-views.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs, JobWork } from '../jobs.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { ContextOf } from '../operation-context.ts';
import type { CallContext } from '../session.ts';

export function brokersHandlers(
  os: Implementer,
  contextOf: ContextOf,
  jobs: Jobs,
  live: LiveBrokers,
  views: BrokerViews,
  monitors: LiveMonitors,
) {
  const { brokers } = os;

  const known = (context: CallContext, brokerId: string) => {
    const operation = contextOf(context);
    const row = requireBroker(operation, brokerId);
    return { operation, row, target: () => views.target(operation, row) };
  };

  /** A job that nobody else may disturb on this broker. Throws `broker/push-in-progress`. */
  const startAlone = (brokerId: string, ...[kind, subject, steps, work]: Parameters<Jobs['start']>) => {
    const release = live.reserve(brokerId);
    const alone: JobWork = async (step, onProbed) => {
      try {
        await work(step, onProbed);
      } finally {
        release();
        views.forget(brokerId);
      }
    };
    try {
      return { jobId: jobs.start(kind, subject, steps, alone) };
    } catch (error) {
      release();
      throw error;
    }
  };

  return {
    create: brokers.create.handler(({ input, context }) => {
      const operation = contextOf(context);
      return views.view(operation, addBroker(operation, input));
    }),
    list: brokers.list.handler(({ context }) => {
      const operation = contextOf(context);
      return Promise.all(operation.vault.brokers.list().map((row) => views.view(operation, row)));
    }),
    look: brokers.look.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      return views.look(operation, row);
    }),
    plan: brokers.plan.handler(({ input, context }) => {
      const { operation, row, target } = known(context, input.brokerId);
      return planBrokerPush(operation, row, target(), input);
    }),
    push: brokers.push.handler(({ input, context }) => {
      const { operation, row, target } = known(context, input.brokerId);
      const { brokerId, drift, restart } = input;
      return startAlone(brokerId, 'push', row.name, pushSteps, (step, onProbed) =>
        pushBroker(operation, brokerId, target(), step, { drift, restart, onProbed }),
      );
    }),
    takeOverPush: brokers.takeOverPush.handler(({ input, context }) => {
      const { operation, row, target } = known(context, input.brokerId);
      return startAlone(row.brokerId, 'recover', row.name, recoverySteps, (step, onProbed) =>
        takeOverPush(operation, row, target(), input.pushId, step, onProbed),
      );
    }),
    takeRevocationsIn: brokers.takeRevocationsIn.handler(async ({ input, context }) => {
      const { operation, target } = known(context, input.brokerId);
      return { revoked: await takeBrokersRevocationsIn(operation, target()) };
    }),
    generations: brokers.generations.handler(({ input, context }) => {
      const { row, target } = known(context, input.brokerId);
      return listGenerations(row, target());
    }),
    planGoingBack: brokers.planGoingBack.handler(({ input, context }) => {
      const { operation, row, target } = known(context, input.brokerId);
      return planGoingBack(operation, row, target(), input.generationId);
    }),
    goBack: brokers.goBack.handler(({ input, context }) => {
      const { operation, row, target } = known(context, input.brokerId);
      return startAlone(row.brokerId, 'push', row.name, pushSteps, (step, onProbed) =>
        goBackTo(operation, row.brokerId, target(), input.generationId, step, { onProbed }),
      );
    }),
    files: brokers.files.handler(async ({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      const { fileName, content } = await exportBroker(operation, row, input);
      return new File([content], fileName, { type: 'application/x-tar' });
    }),
    setLogin: brokers.setLogin.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      setBrokerLogin(operation, row, input.secret);
      views.forget(row.brokerId);
    }),
    fetchHostKey: brokers.fetchHostKey.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      return readBrokerHostKey(operation, row, input.role);
    }),
    confirmHostKey: brokers.confirmHostKey.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      const confirmed = confirmBrokerHostKey(operation, row, input.role, input.fingerprint);
      views.forget(row.brokerId);
      return views.view(operation, confirmed);
    }),
    setEngineTls: brokers.setEngineTls.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      setEngineTls(operation, row, input.tls);
      views.forget(row.brokerId);
    }),
    loadImage: brokers.loadImage.handler(({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      return live.loadImage(row, operation.vault.brokers.targetSecret(row.brokerId), input.path);
    }),
    stop: brokers.stop.handler(async ({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      await live.stop(row.brokerId);
      views.forget(row.brokerId);
      operation.changed('brokers');
      return views.view(operation, row);
    }),
    delete: brokers.delete.handler(async ({ input, context }) => {
      const { operation, row } = known(context, input.brokerId);
      const release = live.reserve(row.brokerId);
      try {
        await live.forget(row.brokerId);
        views.forget(row.brokerId);
        deleteBroker(operation, row.brokerId);
        await monitors.forget(row.brokerId);
      } finally {
        release();
      }
    }),
    log: brokers.log.handler(async ({ input, context }) => {
      const { row } = known(context, input.brokerId);
      return [...((await live.known(row.brokerId)?.log()) ?? [])];
    }),
  };
}
