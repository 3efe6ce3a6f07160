// How each plant of the register is, as far as one broker's messages tell.
// - It is told of every message, at broker speed: a plant is found by a part of the topic, with one look-up. Only a few
//   messages a second are opened, to check signature, nonce and time; the others are counted as unchecked.
// - Who sent a message, MQTT does not tell. Where the broker keeps nobody apart, only a valid signature proves that it
//   came from the plant; the rest is counted as unproven.
// - Retained messages are no sign of life: the broker sends them, however long ago their plant was there.
// - Identifiers that no plant has cost nothing but a number.

import { alarmSchema } from '../../shared/model/payload/voke-message.ts';
import { plantTopicSpace, topicsReadByPlant, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { CheckBudget } from './check-budget.ts';
import { saysOffline } from './plant-status.ts';
import { ReplayCheck, type ReplayVerdict } from './replay-check.ts';
import type { IncomingMessage } from './topic-store.ts';
import { MessageRate } from './tree/message-rate.ts';
import { VerdictMemory } from './verdict-memory.ts';

export type SignedKind = 'telemetry' | 'ack' | 'alarm';

/** `message`: the payload as an object, where it is one. */
export type JudgedMessage = {
  readonly signature: 'valid' | 'invalid' | 'absent' | 'unknown';
  readonly message: Readonly<Record<string, unknown>> | undefined;
};

export type PlantWatchOptions = {
  /** The broker lets nobody else write on a plant's topics. */
  readonly keepsApart: boolean;
  readonly judge: (kind: SignedKind, plantId: string, payload: Uint8Array) => JudgedMessage;
  /** Asked once of each identifier that is heard and not followed: a plant may have come into the register just now. */
  readonly isPlant?: (plantId: string) => boolean;
  /** Of all plants together. */
  readonly checksPerSecond?: number;
};

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
  readonly outside: Noticed;
  readonly unproven: Noticed;
  /** Raised and not resolved since, the newest first. */
  readonly openAlarms: readonly PlantAlarm[];
  readonly lastResolvedAt: number | null;
};

type Counter = { count: number; lastAt: number };
type PlantState = {
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
  readonly outside: Counter;
  readonly unproven: Counter;
};

const idStart = plantTopicSpace.length;
const idEnd = idStart + 36;
const slash = '/'.charCodeAt(0);

const written: ReadonlyMap<string, number> = new Map(topicsWrittenByPlant.map((name, i) => [name, i]));
const read: ReadonlySet<string> = new Set(topicsReadByPlant);
const isSigned = (name: string): name is SignedKind => name === 'telemetry' || name === 'ack' || name === 'alarm';

/** Of a plant's message, by Voke's protocol; nothing larger is opened. */
const messageSizeLimit = 8192;
const checksPerSecond = 200;
/** Of alarms and of what plants or brokers say of a session: when a network fails, hundreds of wills come at once. */
const rareChecksPerSecond = 1000;
const checksPerPlant = 5;
/** A message is taken for a repeated one, or one of another time, beyond this. */
export const replayWindowMs = 5 * 60_000;
/** As many as are checked while a nonce counts: twice the window, since a plant's clock may be ahead. */
const maxNonces = checksPerSecond * ((2 * replayWindowMs) / 1000) + 10_000;
const maxNonceLength = 64;
const maxAlarms = 32;
const maxUnknownIds = 1000;
/** A longer pause was a failure, and is not usual. */
const longestUsualPauseMs = 10 * 60_000;
const pauseMemory = 0.95;

export class PlantWatch {
  readonly #options: PlantWatchOptions;
  readonly #plants = new Map<string, PlantState>();
  readonly #checks: CheckBudget;
  readonly #rareChecks = new CheckBudget(rareChecksPerSecond);
  readonly #replays = new ReplayCheck(replayWindowMs, maxNonces);
  readonly #verdicts = new VerdictMemory();
  readonly #unknownIds = new Set<string>();
  #unknownMessages = 0;

  constructor(options: PlantWatchOptions) {
    this.#options = options;
    this.#checks = new CheckBudget(options.checksPerSecond ?? checksPerSecond);
  }

  /** The plants of the register: others are forgotten. */
  follow(plantIds: Iterable<string>): void {
    const wanted = new Set(plantIds);
    for (const known of this.#plants.keys()) if (!wanted.has(known)) this.#plants.delete(known);
    for (const plantId of wanted) {
      if (!this.#plants.has(plantId)) this.#plants.set(plantId, newState());
      this.#unknownIds.delete(plantId);
    }
  }

  take(message: IncomingMessage): void {
    const { topic, receivedAt, retained } = message;
    if (!topic.startsWith(plantTopicSpace)) return;
    const plantId = topic.slice(idStart, idEnd);
    const known = topic.charCodeAt(idEnd) === slash ? this.#plants.get(plantId) : undefined;
    const plant = known ?? this.#newPlant(topic, plantId);
    if (plant === undefined) {
      this.#unknownMessages += 1;
      return;
    }
    const name = topic.slice(idEnd + 1);
    const place = written.get(name);
    if (place === undefined) {
      if (!retained && !read.has(name)) notice(plant.outside, receivedAt);
      return;
    }
    const isUnread = name === 'status' && !this.#takeStatus(plant, message);
    if (retained) return;
    plant.rate.count(receivedAt);
    plant.topics[place] = receivedAt;
    const isHeard = isSigned(name) ? this.#check(plant, plantId, name, message) : this.#options.keepsApart;
    // A status that nobody read may be the will of a plant that has gone.
    if (!isHeard || isUnread) return;
    // A will comes from the broker, in the name of the plant.
    if (name !== 'status') plant.saysOffline = false;
    if (!plant.saysOffline) noteLife(plant, receivedAt);
  }

  /** Undefined for an identifier that is in no register. */
  facts(plantId: string, now: number): PlantFacts | undefined {
    const plant = this.#plants.get(plantId);
    if (plant === undefined) return undefined;
    return {
      lastSeenAt: plant.lastSeenAt || null,
      rate: plant.rate.perSecond(now),
      usualPauseMs: plant.usualPauseMs || null,
      lastTopics: topicsHeard(plant.topics),
      saysOffline: plant.saysOffline,
      signatures: { valid: plant.valid, absent: plant.absent, unchecked: plant.unchecked },
      invalid: { ...plant.invalid },
      replayed: { ...plant.replayed },
      outside: { ...plant.outside },
      unproven: { ...plant.unproven },
      openAlarms: [...plant.alarms.values()].reverse(),
      lastResolvedAt: plant.lastResolvedAt || null,
    };
  }

  /** Messages below Voke's topics that belong to no plant of the register; `ids` stops at a thousand. */
  unknown(): { readonly ids: number; readonly messages: number } {
    return { ids: this.#unknownIds.size, messages: this.#unknownMessages };
  }

  /** What became of a message that was checked as it came; undefined where it was not, or too long ago. */
  replayOf(sig: unknown, receivedAt: number): ReplayVerdict | undefined {
    return this.#verdicts.get(sig, receivedAt);
  }

  #newPlant(topic: string, plantId: string): PlantState | undefined {
    if (this.#unknownIds.size >= maxUnknownIds) return undefined;
    const id = plantId.split('/', 1)[0] ?? '';
    if (this.#unknownIds.has(id)) return undefined;
    if (topic.charCodeAt(idEnd) === slash && this.#options.isPlant?.(id)) {
      const plant = newState();
      this.#plants.set(id, plant);
      return plant;
    }
    this.#unknownIds.add(id);
    return undefined;
  }

  /** Whether it was read. */
  #takeStatus(plant: PlantState, { payload, receivedAt, retained }: IncomingMessage): boolean {
    // What was retained at a time that nobody knows does not outweigh what was heard.
    if (retained && plant.lastSeenAt !== 0) return false;
    if (!this.#mayCheck(plant, 'status', receivedAt)) {
      plant.unchecked += 1;
      return false;
    }
    plant.saysOffline = saysOffline(payload);
    return true;
  }

  /** Whether the message is a sign of life of the plant itself. */
  #check(plant: PlantState, plantId: string, kind: SignedKind, { payload, receivedAt }: IncomingMessage): boolean {
    const { keepsApart, judge } = this.#options;
    if (payload.byteLength > messageSizeLimit || !this.#mayCheck(plant, kind, receivedAt)) {
      plant.unchecked += 1;
      return keepsApart;
    }
    const { signature, message } = judge(kind, plantId, payload);
    switch (signature) {
      case 'invalid':
        notice(plant.invalid, receivedAt);
        return keepsApart;
      case 'valid': {
        plant.valid += 1;
        if (this.#isReplay(plant, plantId, kind, message ?? {}, receivedAt)) return keepsApart;
        if (kind === 'alarm') noteAlarm(plant, message, receivedAt);
        return true;
      }
      case 'absent':
        plant.absent += 1;
        break;
      case 'unknown':
        plant.unchecked += 1;
        break;
    }
    if (!keepsApart) notice(plant.unproven, receivedAt);
    else if (kind === 'alarm') noteAlarm(plant, message, receivedAt);
    return keepsApart;
  }

  #isReplay(
    plant: PlantState,
    plantId: string,
    kind: SignedKind,
    { n, ts, sig }: Readonly<Record<string, unknown>>,
    now: number,
  ): boolean {
    if (typeof n !== 'string' || n.length > maxNonceLength || typeof ts !== 'number') return false;
    const verdict = this.#replays.judge(`${plantId}/${kind}/${n}`, ts, now);
    this.#verdicts.add(sig, now, verdict);
    if (verdict === 'fresh' || verdict === 'unchecked') return false;
    notice(plant.replayed, now);
    return true;
  }

  /** A plant that floods takes no other plant's turn away, and telemetry none of what is rare and matters. */
  #mayCheck(plant: PlantState, kind: SignedKind | 'status', now: number): boolean {
    const isRare = kind === 'alarm' || kind === 'status';
    return isRare
      ? plant.rareChecks.tryTake(now) && this.#rareChecks.tryTake(now)
      : plant.checks.tryTake(now) && this.#checks.tryTake(now);
  }
}

const newState = (): PlantState => ({
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
  outside: { count: 0, lastAt: 0 },
  unproven: { count: 0, lastAt: 0 },
});

const topicsHeard = (heardAt: readonly number[]): string[] =>
  topicsWrittenByPlant
    .map((name, i) => ({ name, at: heardAt[i] ?? 0 }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at)
    .map(({ name }) => name);

function notice(counter: Counter, at: number): void {
  counter.count += 1;
  counter.lastAt = at;
}

/** The usual pause is the longest one, slowly forgotten: messages in bursts have a pause between bursts. */
function noteLife(plant: PlantState, at: number): void {
  if (plant.lastSeenAt !== 0) {
    const pause = Math.min(Math.max(0, at - plant.lastSeenAt), longestUsualPauseMs);
    plant.usualPauseMs = Math.max(pause, plant.usualPauseMs * pauseMemory);
  }
  plant.lastSeenAt = at;
}

function noteAlarm(plant: PlantState, message: unknown, at: number): void {
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
