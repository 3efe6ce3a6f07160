import type { changeTopics } from '../../../shared/contract/system.ts';
import type { ChangeHub } from '../change-hub.ts';
import type { Implementer } from '../implementer.ts';

export type Change = { readonly changed: (typeof changeTopics)[number] };

export function systemHandlers(
  os: Implementer,
  about: { readonly version: string; readonly dataDirectory: string },
  changes: ChangeHub<Change>,
) {
  return {
    health: os.system.health.handler(() => ({ status: 'ok' as const })),
    about: os.system.about.handler(({ context }) => ({ ...about, host: context.session.host })),
    present: os.system.present.handler(() => undefined),
    watch: os.system.watch.handler(async function* ({ signal }) {
      const heard = changes.listen(signal);
      try {
        for await (const change of heard) yield change;
      } finally {
        await heard.return?.();
      }
    }),
  };
}
