// How one plant is, from all that is known of it. The worst that is true comes first, and nothing is said that nobody
// found out: without a broker that can tell who is connected, silence is silence.

import { clockWords } from '../../shared/model/clock-words.ts';
import type { FleetPlant, PlantFleetState, PlantProblem, PlantProblemKind } from '../../shared/model/fleet.ts';
import type { Plant } from '../../shared/model/plant.ts';
import type { Noticed, PlantFacts } from '../monitor/plant-state.ts';

export type FleetKnowledge = {
  readonly plant: Pick<
    Plant,
    | 'plantId'
    | 'name'
    | 'site'
    | 'status'
    | 'authMethod'
    | 'lastSeenAt'
    | 'credentialExpiresAt'
    | 'revokedAt'
    | 'heardAfterRevocation'
  >;
  /** Of each broker that was listened to. */
  readonly heard: readonly { readonly brokerId: string; readonly facts: PlantFacts }[];
  readonly connected: FleetPlant['connected'];
  /** When the brokers were asked for that, in Unix milliseconds. */
  readonly askedAt: number;
  /** The last login that a broker refused in its name, in Unix milliseconds. */
  readonly refusedAt: number | undefined;
  readonly now: number;
};

const usualPauses = 3;
const leastStaleMs = 30_000;
const mostStaleMs = 30 * 60_000;
/** Of a plant whose pauses are not known yet. */
const firstStaleMs = 5 * 60_000;

/** A problem is one for so long after it was noticed last. */
const problemMs = 15 * 60_000;

export function fleetPlant({ plant, heard, connected, askedAt, refusedAt, now }: FleetKnowledge): FleetPlant {
  const { plantId, name, site, status, authMethod, credentialExpiresAt } = plant;
  const latest = heard.reduce<(typeof heard)[number] | undefined>(
    (best, one) => ((one.facts.lastSeenAt ?? 0) > (best?.facts.lastSeenAt ?? 0) ? one : best),
    undefined,
  );
  const seenBefore = plant.lastSeenAt === null ? 0 : Date.parse(plant.lastSeenAt);
  const lastSeen = Math.max(seenBefore, latest?.facts.lastSeenAt ?? 0);
  const staleMs = staleAfter(latest?.facts.usualPauseMs ?? null);
  const isRefused = refusedAt !== undefined && refusedAt > lastSeen && connected !== 'yes';
  const state = ((): PlantFleetState => {
    if (isRefused) return 'refused';
    if (lastSeen === 0) return 'never-seen';
    if (connected !== 'yes' && (latest ?? heard[0])?.facts.saysOffline) return 'offline';
    // It may have come after the brokers were asked.
    if (connected === 'no' && lastSeen < askedAt) return 'offline';
    return now - lastSeen <= staleMs ? 'online' : 'stale';
  })();
  return {
    plantId,
    name,
    site,
    status,
    authMethod,
    state,
    connected,
    lastSeenAt: lastSeen === 0 ? null : new Date(lastSeen).toISOString(),
    refusedAt: isRefused ? new Date(refusedAt).toISOString() : null,
    staleAfterSeconds: Math.round(staleMs / 1000),
    rate: rounded(heard.reduce((sum, { facts }) => sum + facts.rate, 0)),
    lastTopics: [...(latest?.facts.lastTopics ?? [])],
    unchecked: heard.reduce((sum, { facts }) => sum + facts.signatures.unchecked, 0),
    credentialExpiresAt,
    brokerId: latest?.brokerId ?? heard.find(({ facts }) => facts.lastTopics.length > 0)?.brokerId ?? null,
    problems: problemsOf(plant, heard, lastSeen, now),
  };
}

export const staleAfter = (usualPauseMs: number | null): number =>
  usualPauseMs === null ? firstStaleMs : Math.min(mostStaleMs, Math.max(leastStaleMs, usualPauses * usualPauseMs));

function problemsOf(
  { heardAfterRevocation, revokedAt }: FleetKnowledge['plant'],
  heard: FleetKnowledge['heard'],
  lastSeen: number,
  now: number,
): PlantProblem[] {
  const problems: PlantProblem[] = [];
  const add = (kind: PlantProblemKind, { count, lastAt }: Noticed, words: string | null = null) =>
    problems.push({ kind, count, lastAt: new Date(lastAt).toISOString(), words });
  const addRecent = (kind: PlantProblemKind, noticed: readonly Noticed[]) => {
    const recent = noticed.filter(({ count, lastAt }) => count > 0 && now - lastAt <= problemMs);
    if (recent.length === 0) return;
    const count = recent.reduce((sum, one) => sum + one.count, 0);
    add(kind, { count, lastAt: Math.max(...recent.map(({ lastAt }) => lastAt)) });
  };
  const facts = heard.map((one) => one.facts);
  addRecent(
    'bad-signature',
    facts.map(({ invalid }) => invalid),
  );
  addRecent(
    'replayed',
    facts.map(({ replayed }) => replayed),
  );
  addRecent(
    'outside-topics',
    facts.map(({ outside }) => outside),
  );
  addRecent(
    'unproven',
    facts.map(({ unproven }) => unproven),
  );
  const [clock] = facts
    .map(({ clockOff }) => clockOff)
    .filter(({ count, lastAt }) => count > 0 && now - lastAt <= problemMs)
    .sort((a, b) => b.lastAt - a.lastAt);
  if (clock) add('clock-off', clock, `${clockWords(clock.aheadMs)}, or recorded messages are sent again`);
  if (revokedAt !== null && (heardAfterRevocation || lastSeen > Date.parse(revokedAt))) {
    add('revoked-heard', { count: 1, lastAt: lastSeen });
  }
  const alarms = facts.flatMap(({ openAlarms }) => openAlarms).sort((a, b) => b.at - a.at);
  const [newest] = alarms;
  if (newest) add('alarm', { count: alarms.length, lastAt: newest.at }, newest.words);
  return problems;
}

/** Two figures: what changes less is not worth a new picture. */
const rounded = (rate: number): number => Number(rate.toPrecision(2));
