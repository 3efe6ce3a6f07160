import type { Broker } from '../../../shared/model/broker.ts';
import { registerDigest } from '../../operations/broker-files.ts';
import { addBroker, deleteBroker, requireBroker, viewBroker } from '../../operations/brokers.ts';
import type { OperationContext } from '../../operations/context.ts';
import { planBrokerPush, pushBroker, pushSteps } from '../../operations/push.ts';
import type { BrokerRow } from '../../vault/rows.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { ContextOf } from '../operation-context.ts';

export function brokersHandlers(os: Implementer, contextOf: ContextOf, jobs: Jobs, live: LiveBrokers) {
  const { brokers } = os;

  const view = async (context: OperationContext, row: BrokerRow): Promise<Broker> => {
    const description = await live.known(row.brokerId)?.describe();
    return viewBroker(context, row, {
      state: description?.state ?? 'stopped',
      version: description?.version ?? null,
      notices: [...(description?.notices ?? [])],
      pushPending: row.lastPushDigest !== null && row.lastPushDigest !== registerDigest(context, row),
    });
  };

  return {
    create: brokers.create.handler(({ input, context }) => {
      const operation = contextOf(context);
      return view(operation, addBroker(operation, input));
    }),
    list: brokers.list.handler(({ context }) => {
      const operation = contextOf(context);
      return Promise.all(operation.vault.brokers.list().map((row) => view(operation, row)));
    }),
    plan: brokers.plan.handler(({ input, context }) => {
      const operation = contextOf(context);
      const row = requireBroker(operation, input.brokerId);
      return planBrokerPush(operation, row, live.target(row));
    }),
    push: brokers.push.handler(({ input, context }) => {
      const operation = contextOf(context);
      const row = requireBroker(operation, input.brokerId);
      const release = live.reserve(row.brokerId);
      const jobId = jobs.start('push', row.name, pushSteps, (step) =>
        pushBroker(operation, row.brokerId, live.target(row), step).finally(release),
      );
      return { jobId };
    }),
    stop: brokers.stop.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      const row = requireBroker(operation, input.brokerId);
      await live.stop(row.brokerId);
      operation.changed('brokers');
      return view(operation, row);
    }),
    delete: brokers.delete.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      const row = requireBroker(operation, input.brokerId);
      const release = live.reserve(row.brokerId);
      try {
        await live.forget(row.brokerId);
        deleteBroker(operation, row.brokerId);
      } finally {
        release();
      }
    }),
    log: brokers.log.handler(async ({ input, context }) => {
      const row = requireBroker(contextOf(context), input.brokerId);
      return [...((await live.known(row.brokerId)?.log()) ?? [])];
    }),
  };
}
