// How each plant of the register is, as far as one broker's messages tell.
// - It is told of every message, at broker speed: a plant is found by a part of the topic, with one look-up. Only a few
//   messages a second are opened, to check signature, nonce and time; the others are counted as unchecked.
// - Who sent a message, MQTT does not tell. Where the broker keeps nobody apart, only a valid signature over a fresh
//   nonce and time proves that it came from the plant, and now; the rest is counted as unproven.
// - Retained messages are no sign of life: the broker sends them, however long ago their plant was there. Nor are wills.
// - A sign of life proves a session. Nobody else judges that of what is heard (docs/decisions/0012-proof-of-a-session.md).
// - A command is said to a plant and tells nothing of it; whether it was sent again is found out for who opens it.
// - Identifiers that no plant has cost nothing but a number.

import type { SignedMessageKind } from '../../shared/model/telemetry.ts';
import { plantTopicSpace, topicsReadByPlant, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { CheckBudget } from './check-budget.ts';
import {
  factsOf,
  newState,
  noteAlarm,
  noteFresh,
  noteLife,
  noteOddTime,
  notice,
  type PlantFacts,
  type PlantState,
} from './plant-state.ts';
import { saysOffline } from './plant-status.ts';
import { ReplayCheck, type ReplayVerdict } from './replay-check.ts';
import type { IncomingMessage } from './topic-store.ts';
import { VerdictMemory } from './verdict-memory.ts';

/** What a plant itself signs. */
type SignedKind = Exclude<SignedMessageKind, 'command'>;

/** `message`: the payload as an object, where it is one. */
export type JudgedMessage = {
  readonly signature: 'valid' | 'invalid' | 'absent' | 'unknown';
  readonly message: Readonly<Record<string, unknown>> | undefined;
};

export type PlantWatchOptions = {
  /** The broker lets nobody else write on a plant's topics. */
  readonly keepsApart: boolean;
  readonly judge: (kind: SignedMessageKind, plantId: string, payload: Uint8Array) => JudgedMessage;
  /** Whether the register has it. Asked at broker speed. */
  readonly isPlant: (plantId: string) => boolean;
  /** The console speaks in its name, to probe the broker. Asked once of each identifier that no plant has, up to a thousand. */
  readonly isProbe?: (plantId: string) => boolean;
  /** It proved at this time, in Unix milliseconds, that it has a session. Told at broker speed. */
  readonly onSession?: (plantId: string, at: number) => void;
  /** Of all plants together. */
  readonly checksPerSecond?: number;
};

const idStart = plantTopicSpace.length;
const idEnd = idStart + 36;
const slash = '/'.charCodeAt(0);

const written: ReadonlyMap<string, number> = new Map(topicsWrittenByPlant.map((name, i) => [name, i]));
const read: ReadonlySet<string> = new Set(topicsReadByPlant);
const isCommand = (name: string): boolean => name === 'command' || name === 'commands';
const isSigned = (name: string): name is SignedKind => name === 'telemetry' || name === 'ack' || name === 'alarm';

/** Of a plant's message, by Voke's protocol; nothing larger is opened. */
const messageSizeLimit = 8192;
const checksPerSecond = 200;
/** Of alarms and of what plants or brokers say of a session: when a network fails, hundreds of wills come at once. */
const rareChecksPerSecond = 1000;
/** Where only signatures prove anything: of plants that proved nothing for a while, whatever the others take. */
const proofChecksPerSecond = 200;
const proofEveryMs = 15_000;
/** Of commands. They are not signed by the plant, so none of them takes a turn from what it says. */
const commandChecksPerSecond = 200;
/** A message is taken for a repeated one, or one of another time, beyond this. */
export const replayWindowMs = 5 * 60_000;
/** As many as are checked while a nonce counts: twice the window, since a plant's clock may be ahead. */
const maxNonces = checksPerSecond * ((2 * replayWindowMs) / 1000) + 10_000;
const maxNonceLength = 64;
const maxUnknownIds = 1000;

const unheard = newState();

/** V8 keeps the whole topic, of up to 64 KiB, for as long as a part of it is kept. */
const copied = (part: string): string => Buffer.from(part).toString();

export class PlantWatch {
  readonly #options: PlantWatchOptions;
  readonly #plants = new Map<string, PlantState>();
  readonly #checks: CheckBudget;
  readonly #rareChecks = new CheckBudget(rareChecksPerSecond);
  readonly #proofChecks = new CheckBudget(proofChecksPerSecond);
  readonly #commandChecks = new CheckBudget(commandChecksPerSecond);
  readonly #replays = new ReplayCheck(replayWindowMs, maxNonces);
  readonly #verdicts = new VerdictMemory();
  readonly #unknownIds = new Set<string>();
  readonly #probeIds = new Set<string>();
  #unknownMessages = 0;

  constructor(options: PlantWatchOptions) {
    this.#options = options;
    this.#checks = new CheckBudget(options.checksPerSecond ?? checksPerSecond);
  }

  /** These plants are no more. */
  forget(plantIds: Iterable<string>): void {
    for (const plantId of plantIds) this.#plants.delete(plantId);
  }

  take(message: IncomingMessage): void {
    const { topic, receivedAt, retained } = message;
    if (!topic.startsWith(plantTopicSpace)) return;
    const plantId = topic.slice(idStart, idEnd);
    const known = topic.charCodeAt(idEnd) === slash ? this.#plants.get(plantId) : undefined;
    const plant = known ?? this.#newPlant(topic, plantId);
    if (plant === undefined) {
      if (!this.#probeIds.has(plantId)) this.#unknownMessages += 1;
      return;
    }
    const name = topic.slice(idEnd + 1);
    const place = written.get(name);
    if (place === undefined) {
      if (retained) return;
      if (isCommand(name)) this.#checkCommand(plantId, message);
      else if (!read.has(name)) notice(plant.outside, receivedAt);
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
    if (plant.saysOffline) return;
    noteLife(plant, receivedAt);
    this.#options.onSession?.(plantId, receivedAt);
  }

  /** What the console itself put into the broker tells nothing of a plant; its commands may be sent again by others. */
  takeOwn(message: IncomingMessage): void {
    const { topic, retained } = message;
    const plantId = topic.slice(idStart, idEnd);
    const isOfPlant = topic.startsWith(plantTopicSpace) && topic.charCodeAt(idEnd) === slash;
    if (isOfPlant && !retained && isCommand(topic.slice(idEnd + 1)) && this.#options.isPlant(plantId))
      this.#checkCommand(plantId, message);
  }

  /** Undefined for an identifier that is in no register. */
  facts(plantId: string, now: number): PlantFacts | undefined {
    const plant = this.#plants.get(plantId) ?? (this.#options.isPlant(plantId) ? unheard : undefined);
    return plant && factsOf(plant, now);
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
    if (topic.charCodeAt(idEnd) === slash && this.#options.isPlant(plantId)) {
      const plant = newState();
      this.#plants.set(copied(plantId), plant);
      this.#unknownIds.delete(plantId);
      return plant;
    }
    const id = plantId.split('/', 1)[0] ?? '';
    if (this.#unknownIds.size >= maxUnknownIds || this.#unknownIds.has(id) || this.#probeIds.has(id)) return undefined;
    if (this.#options.isProbe?.(id)) this.#probeIds.add(copied(id));
    else this.#unknownIds.add(copied(id));
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
        const verdict = this.#judgeReplay(plantId, kind, message ?? {}, receivedAt);
        if (verdict === 'fresh') noteFresh(plant, receivedAt);
        if (verdict === 'repeated') notice(plant.replayed, receivedAt);
        if (verdict === 'too-old' || verdict === 'too-new') {
          const aheadMs = Number(message?.ts) - receivedAt;
          noteOddTime(plant, `${kind}/${message?.n}`.toLowerCase(), aheadMs, receivedAt, replayWindowMs);
        }
        if (verdict !== undefined && verdict !== 'fresh' && verdict !== 'unchecked') return keepsApart;
        if (kind === 'alarm') noteAlarm(plant, message, receivedAt);
        if (verdict === 'fresh' || keepsApart) return true;
        // It may be as old as its signing secret.
        notice(plant.unproven, receivedAt);
        return false;
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

  #checkCommand(plantId: string, { payload, receivedAt }: IncomingMessage): void {
    if (payload.byteLength > messageSizeLimit || !this.#commandChecks.tryTake(receivedAt)) return;
    const { signature, message } = this.#options.judge('command', plantId, payload);
    if (signature === 'valid') this.#judgeReplay(plantId, 'command', message ?? {}, receivedAt);
  }

  /** Undefined for a message without a nonce or a time: a number as text, say, has a good signature too. */
  #judgeReplay(
    plantId: string,
    kind: SignedMessageKind,
    { n, cmdId, ts, sig }: Readonly<Record<string, unknown>>,
    now: number,
  ): ReplayVerdict | undefined {
    const nonce = kind === 'command' ? cmdId : n;
    if (typeof nonce !== 'string' || nonce.length > maxNonceLength || typeof ts !== 'number') return undefined;
    const verdict = this.#replays.judge(`${plantId}/${kind}/${nonce}`, ts, now);
    this.#verdicts.add(sig, now, verdict);
    return verdict;
  }

  /** A plant that floods takes no other plant's turn away, and telemetry none of what is rare and matters. */
  #mayCheck(plant: PlantState, kind: SignedKind | 'status', now: number): boolean {
    if (kind === 'alarm' || kind === 'status') return plant.rareChecks.tryTake(now) && this.#rareChecks.tryTake(now);
    if (!plant.checks.tryTake(now)) return false;
    const mayProve = !this.#options.keepsApart && now - plant.lastSeenAt >= proofEveryMs;
    return this.#checks.tryTake(now) || (mayProve && this.#proofChecks.tryTake(now));
  }
}
