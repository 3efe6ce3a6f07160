// What speaks for a plant being out there now. When in doubt it is: a confirmation too many costs a click.
// Brokers are asked only where they were needed before, and one behind a slow line holds nobody up.

import { setTimeout as sleep } from 'node:timers/promises';
import { mqttUsername, type PlantId } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';
import { isOwnSession } from '../operations/own-sessions.ts';
import type { LifeSigns } from '../operations/publish-guard.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import type { LiveBrokers } from './live-brokers.ts';
import type { PlantWatches } from './plant-watches.ts';

const waitMs = 1500;

/** By broker's name, the user names that have a session; undefined: it cannot tell. */
type Sessions = readonly { readonly name: string; readonly usernames: ReadonlySet<string> | undefined }[];

export async function askLifeSigns(
  context: OperationContext,
  { brokers, watches }: { readonly brokers: Pick<LiveBrokers, 'known'>; readonly watches: PlantWatches },
): Promise<LifeSigns> {
  const sessions: Sessions = await Promise.all(
    context.vault.brokers.list().map(async ({ brokerId, name }) => ({
      name,
      usernames: await Promise.race([usernamesAt(brokers, brokerId), sleep(waitMs, undefined, { ref: false })]),
    })),
  );
  const now = context.clock.now().getTime();
  return {
    ofPlant: (plant) => [
      ...credentialSigns(context, plant),
      ...(plant.lastSeenAt === null && wasHeard(watches, plant.plantId, now) ? ['somebody speaks on its topics'] : []),
      ...sessionSigns(sessions, namesOf(plant)),
      ...(plant.status === 'REVOKED' && sessions.some(({ usernames }) => !usernames)
        ? ['its access was withdrawn, but not every broker can say that its session has ended']
        : []),
    ],
    ofStranger: (plantId) => sessionSigns(sessions, [plantId, mqttUsername(plantId, 'PASSWORD')]),
  };
}

async function usernamesAt(
  brokers: Pick<LiveBrokers, 'known'>,
  brokerId: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const sessions = await brokers.known(brokerId)?.sessions?.();
    return sessions && new Set(sessions.filter((session) => !isOwnSession(session)).map(({ username }) => username));
  } catch {
    return undefined;
  }
}

/** Whatever left the console may be on a device, unless it was withdrawn. */
function credentialSigns({ vault }: OperationContext, { plantId }: PlantRow): string[] {
  const isOut = vault.credentials
    .listForPlant(plantId)
    .some(({ state, handedOverAt }) => state !== 'revoked' && (state !== 'issued' || handedOverAt !== null));
  return isOut ? ['a credential of it is out there'] : [];
}

function wasHeard(watches: PlantWatches, plantId: PlantId, now: number): boolean {
  return watches
    .factsOf(plantId, now)
    .some(({ facts: { lastSeenAt, lastTopics, unproven, invalid, replayed, clockOff } }) => {
      return (
        lastSeenAt !== null ||
        lastTopics.length > 0 ||
        unproven.count + invalid.count + replayed.count + clockOff.count > 0
      );
    });
}

const sessionSigns = (sessions: Sessions, usernames: readonly string[]): string[] =>
  sessions
    .filter((broker) => usernames.some((username) => broker.usernames?.has(username)))
    .map(({ name }) => `it has a session at ${name} now`);

/** It may still be there by the name of the way that it logged in before. */
const namesOf = ({ plantId, username }: PlantRow): string[] => [username, plantId, mqttUsername(plantId, 'PASSWORD')];
