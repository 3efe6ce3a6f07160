// One broker's messages, by the rules that are in force there. It runs for every message that arrives.

import type { AlertRule, ConditionOf } from '../../../shared/model/alert.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { CheckBudget } from '../check-budget.ts';
import { saysOffline } from '../plant-status.ts';
import type { IncomingMessage } from '../topic-store.ts';
import { type AlarmMessage, alarmWords, readAlarm } from './alarm-message.ts';
import type { AlertEvent } from './alert-event.ts';
import { RuleMatcher } from './rule-matcher.ts';
import { ValueWatch } from './value-watch.ts';

/** Of all plants, of one, and of all that no register has: who floods takes no other's turn away. */
const alarmsPerSecond = 200;
const alarmsOfOnePerSecond = 20;
const alarmsOfStrangersPerSecond = 20;
const maxNamed = 5;

export type AlertEarOptions = {
  /** Those in force at this broker. */
  readonly rules: readonly AlertRule[];
  /** Keys of values that stand beyond their limit from before. */
  readonly standing: Iterable<string>;
  readonly emit: (event: AlertEvent) => void;
  /** Whether the register has it: where a broker keeps nobody apart, anybody makes plants up. */
  readonly isPlant: (plantId: string) => boolean;
  /** Whether the console itself is behind a message: then it says nothing. */
  readonly isOwn: (message: IncomingMessage) => boolean;
  /** Whether an alarm is certainly not the plant's: signed by somebody else, or recorded and sent again. */
  readonly isForged: (message: IncomingMessage) => boolean;
};

export class AlertEar {
  readonly #options: AlertEarOptions;
  readonly #matcher: RuleMatcher;
  readonly #values: ValueWatch;
  readonly #alarms = new CheckBudget(alarmsPerSecond);
  readonly #alarmsOfStrangers = new CheckBudget(alarmsOfStrangersPerSecond);
  readonly #alarmsOfOne = new Map<string, CheckBudget>();
  readonly #heard = new Map<string, number>();
  readonly #alarmRules: readonly AlertRule[];
  readonly #unbelievedPlants = new Set<string>();
  #skippedAlarms = 0;
  #unbelieved = 0;

  constructor(options: AlertEarOptions) {
    this.#options = options;
    this.#matcher = new RuleMatcher(options.rules);
    this.#values = new ValueWatch(options.emit, options.standing);
    this.#alarmRules = options.rules.filter(({ condition }) => condition.kind === 'alarm');
  }

  /** Nothing needs to be heard. */
  get isIdle(): boolean {
    return this.#matcher.isIdle;
  }

  get skipped(): number {
    return this.#values.skipped + this.#skippedAlarms;
  }

  get unbelieved(): number {
    return this.#unbelieved;
  }

  /** The first few whose alarms were not believed. */
  get unbelievedPlants(): ReadonlySet<string> {
    return this.#unbelievedPlants;
  }

  /** When a plant said something last, in milliseconds. */
  heardAt(plantId: string): number | undefined {
    return this.#heard.get(plantId);
  }

  hear(message: IncomingMessage): void {
    const { topic, payload, retained, receivedAt } = message;
    const interest = this.#matcher.interestIn(topic);
    if (interest === undefined || this.#options.isOwn(message)) return;
    const { values, heardPlant, alarmOf } = interest;
    // What the broker kept says nothing of who is there now, and a will that its plant is gone.
    const isLife = !retained && !(topic.endsWith('/status') && saysOffline(payload));
    if (heardPlant !== undefined && isLife) this.#hearPlant(heardPlant, receivedAt);
    if (values.length > 0) this.#values.hear(topic, payload, values, receivedAt);
    if (alarmOf !== undefined) this.#hearAlarm(alarmOf, message);
  }

  /** Reads values that came too fast, one a step. */
  catchUp(): Generator<undefined, void, undefined> {
    return this.#values.catchUp();
  }

  #hearPlant(plantId: PlantId, now: number): void {
    if (this.#heard.has(plantId) || this.#options.isPlant(plantId)) this.#heard.set(plantId, now);
  }

  #mayReadAlarm(plantId: PlantId, now: number): boolean {
    if (!this.#options.isPlant(plantId)) return this.#alarmsOfStrangers.tryTake(now);
    const ofOne = this.#alarmsOfOne.get(plantId) ?? new CheckBudget(alarmsOfOnePerSecond);
    this.#alarmsOfOne.set(plantId, ofOne);
    return ofOne.tryTake(now) && this.#alarms.tryTake(now);
  }

  #hearAlarm(plantId: PlantId, message: IncomingMessage): void {
    if (!this.#mayReadAlarm(plantId, message.receivedAt)) {
      this.#skippedAlarms += 1;
      return;
    }
    const alarm = readAlarm(message.payload);
    if (!alarm) return;
    if (this.#options.isForged(message)) {
      this.#unbelieved += 1;
      if (this.#unbelievedPlants.size < maxNamed) this.#unbelievedPlants.add(plantId);
      return;
    }
    const subject = `${plantId} ${alarm.alarmId}`;
    const word = { saidAt: alarm.ts ?? null, isRetained: message.retained };
    const { emit } = this.#options;
    for (const { ruleId, condition } of this.#alarmRules) {
      if (alarm.ev === 'RESOLVE') emit({ type: 'end', ruleId, subject, word });
      else if (condition.kind === 'alarm' && counts(condition, alarm)) {
        const what = `Alarm ${alarmWords(alarm)}`;
        emit({ type: 'raise', ruleId, subject, plantId, what, value: alarm.code ?? null, word });
      }
    }
  }
}

const counts = ({ severities = [] }: ConditionOf<'alarm'>, { sev }: AlarmMessage): boolean =>
  sev === undefined ||
  severities.length === 0 ||
  severities.some((severity) => severity.toLowerCase() === sev.toLowerCase());
