// What is known of one plant by one broker's messages, and how it is told.

import { alarmSchema } from '../../shared/model/payload/voke-message.ts';
import { topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { CheckBudget } from './check-budget.ts';
import { MessageRate } from './tree/message-rate.ts';

/** How often something was noticed, and when last, in Unix milliseconds. */
export type Noticed = { readonly count: number; readonly lastAt: number };

export type PlantAlarm = { readonly alarmId: string; readonly words: string; readonly at: number };

/** Times are Unix times in milliseconds. */
export type PlantFacts = {
  /** When it itself was heard last; null: not yet. */
  readonly lastSeenAt: number | null;
  readonly rate: number;
  /** The longest pause between two messages that is usual for it; null until it was heard twice. */
  readonly usualPauseMs: number | null;
  /** Its topics that were heard, the newest first, without what they begin with. */
  readonly lastTopics: readonly string[];
  /** Its status topic, or its will, said last that it is gone. */
  readonly saysOffline: boolean;
  readonly signatures: { readonly valid: number; readonly absent: number; readonly unchecked: number };
  readonly invalid: Noticed;
  readonly replayed: Noticed;
  /** Messages with a good signature and a time that is not now; `aheadMs` of the last one, below zero: behind. */
  readonly clockOff: Noticed & { readonly aheadMs: number };
  readonly outside: Noticed;
  readonly unproven: Noticed;
  /** Raised and not resolved since, the newest first. */
  readonly openAlarms: readonly PlantAlarm[];
  readonly lastResolvedAt: number | null;
};

type Counter = { count: number; lastAt: number };
export type PlantState = {
  readonly rate: MessageRate;
  readonly checks: CheckBudget;
  /** Of alarms and of its status. */
  readonly rareChecks: CheckBudget;
  /** When each of its topics was heard last, in the order of `topicsWrittenByPlant`. */
  readonly topics: number[];
  readonly alarms: Map<string, PlantAlarm>;
  lastSeenAt: number;
  usualPauseMs: number;
  saysOffline: boolean;
  valid: number;
  absent: number;
  unchecked: number;
  lastResolvedAt: number;
  readonly invalid: Counter;
  readonly replayed: Counter;
  readonly clockOff: Counter & { aheadMs: number };
  /** Of its last messages with such a time. */
  readonly oddNonces: Set<string>;
  /** When it was heard last with a new nonce and the right time. */
  freshAt: number;
  readonly outside: Counter;
  readonly unproven: Counter;
};

const checksPerPlant = 5;
const maxAlarms = 32;
const maxOddNonces = 64;
/** A longer pause was a failure, and is not usual. */
const longestUsualPauseMs = 10 * 60_000;
const pauseMemory = 0.95;

export const newState = (): PlantState => ({
  rate: new MessageRate(),
  checks: new CheckBudget(checksPerPlant),
  rareChecks: new CheckBudget(checksPerPlant),
  topics: topicsWrittenByPlant.map(() => 0),
  alarms: new Map(),
  lastSeenAt: 0,
  usualPauseMs: 0,
  saysOffline: false,
  valid: 0,
  absent: 0,
  unchecked: 0,
  lastResolvedAt: 0,
  invalid: { count: 0, lastAt: 0 },
  replayed: { count: 0, lastAt: 0 },
  clockOff: { count: 0, lastAt: 0, aheadMs: 0 },
  oddNonces: new Set(),
  freshAt: 0,
  outside: { count: 0, lastAt: 0 },
  unproven: { count: 0, lastAt: 0 },
});

export const factsOf = (plant: PlantState, now: number): PlantFacts => ({
  lastSeenAt: plant.lastSeenAt || null,
  rate: plant.rate.perSecond(now),
  usualPauseMs: plant.usualPauseMs || null,
  lastTopics: topicsHeard(plant.topics),
  saysOffline: plant.saysOffline,
  signatures: { valid: plant.valid, absent: plant.absent, unchecked: plant.unchecked },
  invalid: { ...plant.invalid },
  replayed: { ...plant.replayed },
  clockOff: { ...plant.clockOff },
  outside: { ...plant.outside },
  unproven: { ...plant.unproven },
  openAlarms: [...plant.alarms.values()].reverse(),
  lastResolvedAt: plant.lastResolvedAt || null,
});

const topicsHeard = (heardAt: readonly number[]): string[] =>
  topicsWrittenByPlant
    .map((name, i) => ({ name, at: heardAt[i] ?? 0 }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at)
    .map(({ name }) => name);

export function notice(counter: Counter, at: number): void {
  counter.count += 1;
  counter.lastAt = at;
}

/** The usual pause is the longest one, slowly forgotten: messages in bursts have a pause between bursts. */
export function noteLife(plant: PlantState, at: number): void {
  if (plant.lastSeenAt !== 0) {
    const pause = Math.min(Math.max(0, at - plant.lastSeenAt), longestUsualPauseMs);
    plant.usualPauseMs = Math.max(pause, plant.usualPauseMs * pauseMemory);
  }
  plant.lastSeenAt = at;
}

/** It has the right time, whatever its clock showed before. */
export function noteFresh(plant: PlantState, at: number): void {
  plant.freshAt = at;
  plant.clockOff.count = 0;
  plant.oddNonces.clear();
}

/**
 * A good signature over a time that is not now: a wrong clock, or a recorded message. Which of the two, only what else was
 * heard tells: who was right just now has a right clock, and a clock says nothing twice.
 */
export function noteOddTime(plant: PlantState, nonce: string, aheadMs: number, at: number, windowMs: number): void {
  if (plant.oddNonces.has(nonce) || at - plant.freshAt <= windowMs) {
    notice(plant.replayed, at);
    return;
  }
  notice(plant.clockOff, at);
  plant.clockOff.aheadMs = aheadMs;
  plant.oddNonces.add(nonce);
  const [oldest] = plant.oddNonces;
  if (plant.oddNonces.size > maxOddNonces && oldest !== undefined) plant.oddNonces.delete(oldest);
}

export function noteAlarm(plant: PlantState, message: unknown, at: number): void {
  const alarm = alarmSchema.safeParse(message).data;
  if (!alarm) return;
  const alarmId = String(alarm.alarmId).slice(0, 100);
  plant.alarms.delete(alarmId);
  if (alarm.ev === 'RESOLVE') {
    plant.lastResolvedAt = at;
    return;
  }
  const words = [alarm.code, alarm.sev, alarm.msg].filter((word) => word !== undefined).join(' · ');
  plant.alarms.set(alarmId, { alarmId, words: words.slice(0, 200), at });
  const [oldest] = plant.alarms.keys();
  if (plant.alarms.size > maxAlarms && oldest !== undefined) plant.alarms.delete(oldest);
}
