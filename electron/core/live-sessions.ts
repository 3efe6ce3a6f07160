// Hears at the brokers' monitors whether a plant has a session over its new credential (session-watch.ts says what counts).

import { ConsoleError } from '../../shared/model/errors.ts';
import { mqttUsername, type PlantId } from '../../shared/model/plant.ts';
import { plantTopic, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { verifySignature } from '../credentials/signatures.ts';
import type { MonitorMessageListener } from '../monitor/monitor.ts';
import { saysOffline } from '../monitor/plant-status.ts';
import type { OperationContext } from '../operations/context.ts';
import { isOwnSession } from '../operations/own-sessions.ts';
import { requirePlant } from '../operations/plants.ts';
import type { SessionProof, SessionWatch, WatchedPlant } from '../operations/session-watch.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { LiveBrokers } from './live-brokers.ts';
import type { LiveMonitors } from './live-monitors.ts';
import { parseObject } from './plant-watches.ts';

type Message = Parameters<MonitorMessageListener>[0];
type Ears = Pick<LiveMonitors, 'listen' | 'hearPlants'>;
type Heard = 'proof' | 'unsigned' | 'nothing';

export class LiveSessions {
  readonly #monitors: Ears;
  readonly #brokers: Pick<LiveBrokers, 'known'>;

  constructor(monitors: Ears, brokers: Pick<LiveBrokers, 'known'>) {
    this.#monitors = monitors;
    this.#brokers = brokers;
  }

  /** For one operation, by the vault that it works with. */
  watchFor(context: OperationContext): SessionWatch {
    return { watch: (plantId, proof, brokerId) => this.#watch(context, plantId, proof, brokerId) };
  }

  async #watch(
    context: OperationContext,
    plantId: PlantId,
    proof: SessionProof,
    brokerId: string | undefined,
  ): Promise<WatchedPlant> {
    const rows = context.vault.brokers.list().filter((row) => brokerId === undefined || row.brokerId === brokerId);
    if (rows.length === 0) throw new ConsoleError('broker/not-found', { details: { brokerId: brokerId ?? null } });
    const { authMethod } = requirePlant(context, plantId);
    const username = mqttUsername(plantId, authMethod);
    await Promise.all(rows.map((row) => this.#monitors.listen(context, row)));
    return {
      waitFor: ({ seconds, signal }) =>
        new Promise((resolve) => {
          const since = context.clock.now();
          const hear = (row: BrokerRow, message: Message) => {
            const heard = judge(row, plantId, proof, message);
            if (heard === 'proof') end(true);
            else if (heard === 'unsigned' && proof.isRestarted) {
              void this.#hasSessionSince(row, username, since).then((isNew) => isNew && end(true));
            }
          };
          const end = (isProven: boolean) => {
            for (const stop of stops) stop();
            clearTimeout(timer);
            signal?.removeEventListener('abort', giveUp);
            resolve(isProven);
          };
          const giveUp = () => end(false);
          const timer = setTimeout(giveUp, seconds * 1000);
          // Each goes on hearing whatever the operator turns the monitor to meanwhile.
          const stops = rows.map((row) => this.#monitors.hearPlants(context, row, (message) => hear(row, message)));
          if (signal?.aborted) return giveUp();
          signal?.addEventListener('abort', giveUp);
        }),
    };
  }

  /** Only brokers that were needed before are asked, and only those that can tell. */
  async #hasSessionSince({ brokerId }: BrokerRow, username: string, since: Date): Promise<boolean> {
    try {
      const sessions = (await this.#brokers.known(brokerId)?.sessions?.()) ?? [];
      return sessions.some(
        (session) =>
          !isOwnSession(session) &&
          session.username === username &&
          Date.parse(session.connectedAt ?? '') > since.getTime(),
      );
    } catch {
      return false;
    }
  }
}

/** Without an ACL everybody may write on a plant's topics: there only the plant's signature proves anything. */
function judge(
  { profile }: BrokerRow,
  plantId: PlantId,
  { signingSecret, isOnlyCredential }: SessionProof,
  message: Message,
): Heard {
  if (message.retained) return 'nothing';
  const kind = topicsWrittenByPlant.find((suffix) => message.topic === plantTopic(plantId, suffix));
  if (kind === undefined) return 'nothing';
  // Its will, which the broker sends as the session ends that was there before.
  if (kind === 'status' && saysOffline(message.payload)) return 'nothing';
  if (isOnlyCredential && profile === 'voke') return 'proof';
  const content = parseObject(message.payload);
  if (content?.sig === undefined) return 'unsigned';
  const isSigned = kind === 'telemetry' || kind === 'ack' || kind === 'alarm';
  return isSigned && verifySignature(kind, plantId, content, signingSecret) ? 'proof' : 'nothing';
}
