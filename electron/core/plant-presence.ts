// Whether a plant is connected, asked of the brokers that can tell. After a revocation this is what counts: a muted
// plant is not heard any more, but may still hold its session.

import type { PlantId, PlantPresence } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';
import { isOwnSession } from '../operations/own-sessions.ts';
import { getPlant } from '../operations/plants.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { LiveBrokers } from './live-brokers.ts';

type Connected = PlantPresence['connected'];

/** Throws `plant/not-found`. */
export async function presenceOf(
  context: OperationContext,
  live: LiveBrokers,
  plantId: PlantId,
): Promise<PlantPresence> {
  const { username, lastSeenAt, revokedAt, heardAfterRevocation } = getPlant(context, plantId);
  const brokers = await Promise.all(
    context.vault.brokers.list().map(async ({ brokerId, name }) => ({
      brokerId,
      name,
      connected: await askBroker(live, brokerId, username),
    })),
  );
  return { connected: conclude(brokers), brokers, lastSeenAt, revokedAt, heardAfterRevocation };
}

/** Only brokers that were needed before are asked: looking at a plant starts nothing. */
async function askBroker(live: LiveBrokers, brokerId: BrokerRow['brokerId'], username: string): Promise<Connected> {
  const target = live.known(brokerId);
  if (!target?.sessions) return 'unknown';
  try {
    const sessions = await target.sessions();
    if (!sessions) return 'unknown';
    return sessions.some((session) => session.username === username && !isOwnSession(session)) ? 'yes' : 'no';
  } catch {
    return 'unknown';
  }
}

function conclude(answers: readonly { readonly connected: Connected }[]): Connected {
  if (answers.some(({ connected }) => connected === 'yes')) return 'yes';
  return answers.every(({ connected }) => connected === 'no') ? 'no' : 'unknown';
}
