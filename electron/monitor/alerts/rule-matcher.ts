// Which rules a topic concerns, found out once a topic: each message of a topic that no rule is about costs one look into
// a map. What is remembered is bounded, since topics are made up by strangers.

import type { AlertRule, ConditionOf } from '../../../shared/model/alert.ts';
import { pointerSteps } from '../../../shared/model/payload/number-at.ts';
import { type PlantId, plantIdSchema } from '../../../shared/model/plant.ts';
import { filterMatchesTopic, plantTopicSpace, topicsWrittenByPlant } from '../../../shared/model/topics.ts';

export type ValueRule = {
  readonly ruleId: string;
  readonly condition: ConditionOf<'value'>;
  readonly steps: readonly string[];
};

/** What is to be looked at in a message of a topic. */
export type TopicInterest = {
  readonly values: readonly ValueRule[];
  /** Whose life sign it is, where a rule is about silence. */
  readonly heardPlant: PlantId | undefined;
  /** Whose alarm it may be, where a rule is about alarms. */
  readonly alarmOf: PlantId | undefined;
};

const maxRemembered = 20_000;

const plantSuffixes: readonly string[] = topicsWrittenByPlant;

export class RuleMatcher {
  readonly #values: readonly ValueRule[];
  readonly #wantsSilence: boolean;
  readonly #wantsAlarms: boolean;
  readonly #known = new Map<string, TopicInterest | undefined>();

  /** `rules`: those in force at one broker. */
  constructor(rules: readonly AlertRule[]) {
    this.#values = rules.flatMap(({ ruleId, condition }) =>
      condition.kind === 'value' ? [{ ruleId, condition, steps: pointerSteps(condition.pointer) }] : [],
    );
    this.#wantsSilence = rules.some(({ condition }) => condition.kind === 'silent');
    this.#wantsAlarms = rules.some(({ condition }) => condition.kind === 'alarm');
  }

  /** Whether messages need to be looked at at all. */
  get isIdle(): boolean {
    return this.#values.length === 0 && !this.#wantsSilence && !this.#wantsAlarms;
  }

  interestIn(topic: string): TopicInterest | undefined {
    const known = this.#known.get(topic);
    if (known !== undefined || this.#known.has(topic)) return known;
    const interest = this.#find(topic);
    if (this.#known.size >= maxRemembered) this.#known.clear();
    this.#known.set(topic, interest);
    return interest;
  }

  #find(topic: string): TopicInterest | undefined {
    const values = this.#values.filter(({ condition }) => filterMatchesTopic(condition.filter, topic));
    const { plantId, suffix } = plantOf(topic);
    const heardPlant = this.#wantsSilence ? plantId : undefined;
    const alarmOf = this.#wantsAlarms && suffix === 'alarm' ? plantId : undefined;
    return values.length === 0 && heardPlant === undefined && alarmOf === undefined
      ? undefined
      : { values, heardPlant, alarmOf };
  }
}

function plantOf(topic: string): { readonly plantId?: PlantId; readonly suffix?: string } {
  if (!topic.startsWith(plantTopicSpace)) return {};
  const [id, suffix = '', more] = topic.slice(plantTopicSpace.length).split('/');
  const plantId = plantIdSchema.safeParse(id).data;
  return plantId !== undefined && more === undefined && plantSuffixes.includes(suffix) ? { plantId, suffix } : {};
}
