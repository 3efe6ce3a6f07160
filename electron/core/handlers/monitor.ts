import { requireBroker } from '../../operations/brokers.ts';
import type { Implementer } from '../implementer.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import { LiveViews } from '../live-views.ts';
import type { ContextOf } from '../operation-context.ts';

export function monitorHandlers(os: Implementer, contextOf: ContextOf, live: LiveMonitors) {
  const { monitor } = os;
  const views = new LiveViews();
  return {
    connect: monitor.connect.handler(({ input, context }) => {
      const operation = contextOf(context);
      return live.connect(operation, requireBroker(operation, input.brokerId));
    }),
    disconnect: monitor.disconnect.handler(({ input, context }) => {
      contextOf(context);
      return live.disconnect(input.brokerId);
    }),
    states: monitor.states.handler(({ context, signal }) => {
      contextOf(context);
      return live.states(signal ?? new AbortController().signal);
    }),
    watch: monitor.watch.handler(({ input, context, signal }) => {
      contextOf(context);
      const { brokerId, viewId, look } = input;
      const ending = signal ?? new AbortController().signal;
      return views.watch(context.session, viewId, live.require(brokerId), look, ending);
    }),
    look: monitor.look.handler(({ input, context }) => {
      contextOf(context);
      views.look(context.session, input.viewId, input.look);
    }),
    path: monitor.path.handler(({ input, context }) => {
      contextOf(context);
      const path = live.require(input.brokerId).path(input.nodeId);
      return path === undefined ? null : { path };
    }),
    message: monitor.message.handler(({ input, context }) => {
      contextOf(context);
      return live.require(input.brokerId).message(input.topic) ?? null;
    }),
  };
}
