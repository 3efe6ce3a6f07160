import type { changeTopics } from '../../shared/contract/system.ts';
import type { ConsoleClient } from '../transport.ts';

export type ChangeTopic = (typeof changeTopics)[number];

const pause = (milliseconds: number) => new Promise((resolve) => window.setTimeout(resolve, milliseconds));

/**
 * Listens to the core's one stream of changes and hands each to `heard`, until `signal` aborts.
 * `listening` is called whenever a stream begins: what changed before it was not heard, so everything must be asked again.
 */
export async function followChanges(
  client: ConsoleClient,
  options: { heard(topic: ChangeTopic): void; listening(): void; signal: AbortSignal },
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      const events = await client.system.watch(undefined, { signal: options.signal });
      options.listening();
      for await (const { changed } of events) options.heard(changed);
    } catch {
      // The stream ends with its link; the connection state says so to the operator.
    }
    if (!options.signal.aborted) await pause(500);
  }
}
