import type { ConsoleClient } from '../transport.ts';

const every = 20_000;

/** Tells the console now and then that somebody is at the window, so that the idle lock counts from there. */
export function announcePresence(client: ConsoleClient): void {
  let last = 0;
  const announce = () => {
    const now = Date.now();
    if (now - last < every) return;
    last = now;
    // While the connection is down nobody can be told; the next movement tries again.
    client.system.present().catch(() => {});
  };
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const) {
    window.addEventListener(event, announce, { passive: true });
  }
}
