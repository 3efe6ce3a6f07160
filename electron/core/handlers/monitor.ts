import { requireBroker } from '../../operations/brokers.ts';
import type { Implementer } from '../implementer.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { ContextOf } from '../operation-context.ts';

export function monitorHandlers(os: Implementer, contextOf: ContextOf, live: LiveMonitors) {
  const { monitor } = os;
  return {
    connect: monitor.connect.handler(({ input, context }) => {
      const operation = contextOf(context);
      return live.connect(operation, requireBroker(operation, input.brokerId));
    }),
    disconnect: monitor.disconnect.handler(({ input, context }) => {
      contextOf(context);
      return live.disconnect(input.brokerId);
    }),
    watch: monitor.watch.handler(({ input, context, signal }) => {
      contextOf(context);
      return live.require(input.brokerId).watch(signal ?? new AbortController().signal);
    }),
    message: monitor.message.handler(({ input, context }) => {
      contextOf(context);
      return live.require(input.brokerId).message(input.topic) ?? null;
    }),
  };
}
