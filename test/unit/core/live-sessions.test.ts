import { expect, it } from 'vitest';
import { LiveSessions } from '../../../electron/core/live-sessions.ts';
import { Monitor } from '../../../electron/monitor/monitor.ts';
import type { IncomingMessage } from '../../../electron/monitor/topic-store.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, plantId, plantRow } from '../../support/vault-rows.ts';

const id = plantId('aaaa1111');

/** Of a plant whose only credential is the new one, at a broker that keeps plants apart. */
async function isProvenBy(name: string, text: string, { retained = false } = {}): Promise<boolean> {
  const { vault } = await createVault();
  const context = contextOver(vault);
  vault.plants.insert(plantRow('aaaa1111', { plantId: id }));
  vault.brokers.insert(brokerRow('Site'));
  const heardBy = new Set<(message: IncomingMessage) => void>();
  const monitors: ConstructorParameters<typeof LiveSessions>[0] = {
    listen: async () => new Monitor(silent),
    hearPlants: (_context, _broker, listener) => {
      heardBy.add(listener);
      return () => heardBy.delete(listener);
    },
  };
  const sessions = new LiveSessions(monitors, { known: () => undefined });
  const proof = { signingSecret: 'x'.repeat(48), isOnlyCredential: true, isRestarted: false };
  const watched = await sessions.watchFor(context).watch(id, proof);
  expect(heardBy.size).toBe(0);
  const ending = new AbortController();
  const proven = watched.waitFor({ seconds: 60, signal: ending.signal });
  const payload = Buffer.from(text);
  for (const hear of heardBy) {
    hear({ topic: `cpi/${id}/${name}`, payload, qos: 1, retained, receivedAt: systemClock.now().getTime() });
  }
  ending.abort();
  const isProven = await proven;
  expect(heardBy.size).toBe(0);
  return isProven;
}

const silent: ConstructorParameters<typeof Monitor>[0] = {
  source: () => ({ start: () => {}, stop: async () => {} }),
  clock: systemClock,
  logger: silentLogger,
  checkSignature: () => 'unknown',
};

it.each([
  ['telemetry', '{}', {}, true],
  ['status', 'online', {}, true],
  ['status', '{"status":"offline"}', {}, false],
  ['status', 'online', { retained: true }, false],
  ['command', '{}', {}, false],
] as const)('%s %s %j proves a session: %s', async (name, text, how, isProof) => {
  expect(await isProvenBy(name, text, how)).toBe(isProof);
});
