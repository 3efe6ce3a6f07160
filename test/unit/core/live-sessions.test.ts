import { expect, it } from 'vitest';
import { LiveSessions } from '../../../electron/core/live-sessions.ts';
import { OwnMessages } from '../../../electron/core/own-messages.ts';
import { Monitor } from '../../../electron/monitor/monitor.ts';
import type { IncomingMessage } from '../../../electron/monitor/topic-store.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, plantId, plantRow } from '../../support/vault-rows.ts';

const id = plantId('aaaa1111');

/** Of a plant whose only credential is the new one, at a broker that keeps plants apart. */
async function isProvenBy(name: string, text: string, { retained = false, isOwn = false } = {}): Promise<boolean> {
  const { vault } = await createVault();
  const context = contextOver(vault);
  vault.plants.insert(plantRow('aaaa1111', { plantId: id }));
  const broker = brokerRow('Site');
  vault.brokers.insert(broker);
  let hear: (message: IncomingMessage) => void = () => {};
  const monitor = new Monitor({
    source: ({ onMessage }) => {
      hear = onMessage;
      return { start: () => {}, stop: async () => {} };
    },
    clock: systemClock,
    logger: silentLogger,
    checkSignature: () => 'unknown',
  });
  const ownMessages = new OwnMessages(systemClock);
  const sessions = new LiveSessions({ listen: async () => monitor, ownMessages }, { known: () => undefined });
  const proof = { signingSecret: 'x'.repeat(48), isOnlyCredential: true, isRestarted: false };
  const watched = await sessions.watchFor(context).watch(id, proof);
  const ending = new AbortController();
  const proven = watched.waitFor({ seconds: 60, signal: ending.signal });
  const [topic, payload] = [`cpi/${id}/${name}`, Buffer.from(text)];
  if (isOwn) ownMessages.noteSent(broker.brokerId, topic, payload);
  hear({ topic, payload, qos: 1, retained, receivedAt: systemClock.now().getTime() });
  ending.abort();
  return await proven;
}

it.each([
  ['telemetry', '{}', {}, true],
  ['status', 'online', {}, true],
  ['status', '{"status":"offline"}', {}, false],
  ['status', 'online', { retained: true }, false],
  ['telemetry', '{}', { isOwn: true }, false],
  ['command', '{}', {}, false],
] as const)('%s %s %j proves a session: %s', async (name, text, how, isProof) => {
  expect(await isProvenBy(name, text, how)).toBe(isProof);
});
