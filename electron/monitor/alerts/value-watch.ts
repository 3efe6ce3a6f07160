// Values beyond a limit. A value that trembles around its limit raises one alert: it ends only behind the hysteresis.
// Payloads are read at a bounded rate, a topic and all topics together. What was skipped is counted, and the last
// message of a topic is read later, so that a topic which falls silent is not left judged by an older one.

import { createHash } from 'node:crypto';
import type { ConditionOf } from '../../../shared/model/alert.ts';
import { readJson } from '../../../shared/model/payload/json.ts';
import { numberAt } from '../../../shared/model/payload/number-at.ts';
import { CheckBudget } from '../check-budget.ts';
import type { AlertEvent } from './alert-event.ts';
import { LatePayloads } from './late-payloads.ts';
import type { ValueRule } from './rule-matcher.ts';
import { TopicMemory } from './topic-memory.ts';

/** Of one topic, in milliseconds. */
const topicIntervalMs = 250;
/** Of all topics of a broker, in any second. */
const readsPerSecond = 400;
const maxPayloadBytes = 64 * 1024;
/** Of values that stand beyond a limit. */
const maxBeyond = 20_000;
const maxSubject = 400;

type Emit = (event: AlertEvent) => void;

export class ValueWatch {
  readonly #emit: Emit;
  readonly #lastReads = new TopicMemory<number>();
  readonly #late = new LatePayloads();
  /** `ruleId` and topic of what stands beyond its limit. */
  readonly #beyond: Set<string>;
  readonly #budget = new CheckBudget(readsPerSecond);
  #skipped = 0;

  /** `standing`: keys of alerts that stand from before, as `valueKey` makes them. */
  constructor(emit: Emit, standing: Iterable<string>) {
    this.#emit = emit;
    this.#beyond = new Set(standing);
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** `now` in milliseconds. */
  hear(topic: string, payload: Uint8Array, rules: readonly ValueRule[], now: number): void {
    if (payload.byteLength > maxPayloadBytes) {
      this.#skipped += 1;
      this.#late.delete(topic);
      return;
    }
    if (this.#mayRead(topic, now)) {
      this.#late.delete(topic);
      this.#read(topic, payload, rules);
      return;
    }
    this.#skipped += 1;
    this.#late.put(topic, payload, rules);
  }

  /** Reads what was skipped last, a topic a step: after a flood that is more than may be read at once. */
  *catchUp(): Generator<undefined, void, undefined> {
    for (const { topic, payload, rules } of this.#late.take()) {
      this.#read(topic, payload, rules);
      yield;
    }
  }

  #mayRead(topic: string, now: number): boolean {
    if (now - (this.#lastReads.get(topic) ?? Number.NEGATIVE_INFINITY) < topicIntervalMs) return false;
    if (!this.#budget.tryTake(now)) return false;
    this.#lastReads.set(topic, now);
    return true;
  }

  #read(topic: string, payload: Uint8Array, rules: readonly ValueRule[]): void {
    const json = readJson(payload);
    if (!json.ok) return;
    for (const { ruleId, condition, steps } of rules) {
      const number = numberAt(json.value, steps);
      if (number !== undefined) this.#judge(ruleId, topic, condition, number);
    }
  }

  #judge(ruleId: string, topic: string, condition: ConditionOf<'value'>, number: number): void {
    const subject = topicSubject(topic);
    const key = valueKey(ruleId, subject);
    const wasBeyond = this.#beyond.has(key);
    if (!wasBeyond && isBeyond(condition, number)) {
      if (this.#beyond.size >= maxBeyond) return;
      this.#beyond.add(key);
      this.#emit({
        type: 'raise',
        ruleId,
        subject,
        plantId: null,
        what: `${condition.pointer === '' ? 'The value' : condition.pointer} of ${topic} is ${condition.direction} ${condition.limit}`,
        value: String(number),
      });
    } else if (wasBeyond && isBack(condition, number)) {
      this.#beyond.delete(key);
      this.#emit({ type: 'end', ruleId, subject });
    }
  }
}

export const valueKey = (ruleId: string, subject: string): string => `${ruleId} ${subject}`;

/** A topic as far as it can be kept, and still no other's. */
export const topicSubject = (topic: string): string =>
  topic.length <= maxSubject
    ? topic
    : `${topic.slice(0, maxSubject)} ${createHash('sha256').update(topic).digest('hex')}`;

const isBeyond = ({ direction, limit }: ConditionOf<'value'>, number: number): boolean =>
  direction === 'above' ? number > limit : number < limit;

/** Without a hysteresis, from the limit on. */
const isBack = ({ direction, limit, hysteresis }: ConditionOf<'value'>, number: number): boolean =>
  direction === 'above' ? number <= limit - hysteresis : number >= limit + hysteresis;
