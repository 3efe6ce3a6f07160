import type { PlantId } from '../../../shared/model/plant.ts';
import { requireBroker } from '../../operations/brokers.ts';
import type { OperationContext } from '../../operations/context.ts';
import type { Implementer } from '../implementer.ts';
import { type LiveMonitors, settingsOf } from '../live-monitors.ts';
import { LiveViews } from '../live-views.ts';
import type { ContextOf } from '../operation-context.ts';

export function monitorHandlers(os: Implementer, contextOf: ContextOf, live: LiveMonitors) {
  const { monitor } = os;
  const views = new LiveViews();
  return {
    connect: monitor.connect.handler(({ input, context }) => {
      const operation = contextOf(context);
      const { brokerId, ...wish } = input;
      return live.connect(operation, requireBroker(operation, brokerId), named(wish));
    }),
    settings: monitor.settings.handler(({ input, context }) => {
      const operation = contextOf(context);
      const { brokerId } = requireBroker(operation, input.brokerId);
      return { ...settingsOf(operation, brokerId), asPlant: plantListenedAs(operation, brokerId) };
    }),
    list: monitor.list.handler(({ context }) => {
      contextOf(context);
      return live.list();
    }),
    disconnect: monitor.disconnect.handler(({ input, context }) => {
      contextOf(context);
      return live.disconnect(input.brokerId);
    }),
    states: monitor.states.handler(async function* ({ context, signal }) {
      const operation = contextOf(context);
      for await (const states of live.states(signal ?? new AbortController().signal)) {
        yield states.map((state) => ({ ...state, asPlant: plantListenedAs(operation, state.brokerId) }));
      }
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
    history: monitor.history.handler(({ input, context }) => {
      contextOf(context);
      const { brokerId, topic, before, limit, payloadBytes } = input;
      return live.require(brokerId).history(topic, { before, limit, payloadBytes });
    }),
    pastMessage: monitor.pastMessage.handler(({ input, context }) => {
      contextOf(context);
      return live.require(input.brokerId).pastMessage(input.topic, input.messageId) ?? null;
    }),
    series: monitor.series.handler(({ input, context }) => {
      contextOf(context);
      const { brokerId, ...query } = input;
      return live.require(brokerId).series(query);
    }),
  };
}

function plantListenedAs(context: OperationContext, brokerId: string): PlantId | null {
  const { identity } = settingsOf(context, brokerId);
  if (identity.kind === 'console') return null;
  return context.vault.credentials.get(identity.credentialId)?.plantId ?? null;
}

/** Without what was not said. */
function named<T extends object>(wish: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
