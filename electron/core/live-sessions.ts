// Hears at the brokers' monitors whether a plant has a session over its new credential (session-watch.ts says what counts).

import { ConsoleError } from '../../shared/model/errors.ts';
import { mqttUsername, type PlantId } from '../../shared/model/plant.ts';
import { plantTopic, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { verifySignature } from '../credentials/signatures.ts';
import type { Monitor, MonitorMessageListener } from '../monitor/monitor.ts';
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
type Ears = Pick<LiveMonitors, 'listen' | 'ownMessages'>;
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
    const listening = await Promise.all(
      rows.map(async (row) => {
        return { row, monitor: await this.#monitors.listen(context, row) };
      }),
    );
    const { authMethod } = requirePlant(context, plantId);
    const username = mqttUsername(plantId, authMethod);
    return {
      waitFor: ({ seconds, signal }) => {
        const since = context.clock.now();
        const began = (row: BrokerRow) => this.#hasSessionSince(row, username, since);
        return hear(
          listening,
          { seconds, signal },
          (row, message) =>
            this.#monitors.ownMessages.includes(row.brokerId, message)
              ? 'nothing'
              : judge(row, plantId, proof, message),
          proof,
          began,
        );
      },
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

/** Listens at all of them at once until there is proof, the time is over, or nobody wants to know any more. */
function hear(
  listening: readonly { readonly row: BrokerRow; readonly monitor: Monitor }[],
  { seconds, signal }: Parameters<WatchedPlant['waitFor']>[0],
  judgeMessage: (row: BrokerRow, message: Message) => Heard,
  { isRestarted }: SessionProof,
  hasBegun: (row: BrokerRow) => Promise<boolean>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const end = (isProven: boolean) => {
      for (const stop of stops) stop();
      resolve(isProven);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(giveUp, seconds * 1000);
    stops.push(() => clearTimeout(timer));
    if (signal?.aborted) return giveUp();
    signal?.addEventListener('abort', giveUp);
    stops.push(() => signal?.removeEventListener('abort', giveUp));
    for (const { row, monitor } of listening) {
      stops.push(
        monitor.onMessage((message) => {
          const heard = judgeMessage(row, message);
          if (heard === 'proof') end(true);
          else if (heard === 'unsigned' && isRestarted) void hasBegun(row).then((isNew) => isNew && end(true));
        }),
      );
    }
  });
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
