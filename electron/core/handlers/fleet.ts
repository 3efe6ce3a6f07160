import type { FleetView } from '../fleet-view.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

type Parts = { readonly contextOf: ContextOf; readonly fleetView: FleetView };

export function fleetHandlers({ fleet }: Implementer, { contextOf, fleetView }: Parts) {
  return {
    get: fleet.get.handler(({ input, context }) => fleetView.snapshot(contextOf(context), input)),
    watch: fleet.watch.handler(({ context, signal }) => {
      contextOf(context);
      return fleetView.watch(() => contextOf(context), signal ?? new AbortController().signal);
    }),
    listen: fleet.listen.handler(({ context }) => fleetView.listen(contextOf(context))),
  };
}
