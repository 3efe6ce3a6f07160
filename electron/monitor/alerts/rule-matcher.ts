// Which rules a topic concerns, found out once a topic: each message of a topic that no rule is about costs one look into
// a map. A topic may have thousands of levels: it is split once, and no further than the rules look.

import type { AlertRule, ConditionOf } from '../../../shared/model/alert.ts';
import { pointerSteps } from '../../../shared/model/payload/number-at.ts';
import { type PlantId, plantIdSchema } from '../../../shared/model/plant.ts';
import { levelsMatch, plantTopicSpace, topicsWrittenByPlant } from '../../../shared/model/topics.ts';
import { TopicMemory } from './topic-memory.ts';

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

const plantSuffixes: readonly string[] = topicsWrittenByPlant;

export class RuleMatcher {
  readonly #values: readonly { readonly levels: readonly string[]; readonly rule: ValueRule }[];
  readonly #deepest: number;
  readonly #wantsSilence: boolean;
  readonly #wantsAlarms: boolean;
  readonly #known = new TopicMemory<TopicInterest | undefined>();

  /** `rules`: those in force at one broker. */
  constructor(rules: readonly AlertRule[]) {
    this.#values = rules.flatMap(({ ruleId, condition }) =>
      condition.kind === 'value'
        ? [
            {
              levels: condition.filter.split('/'),
              rule: { ruleId, condition, steps: pointerSteps(condition.pointer) },
            },
          ]
        : [],
    );
    this.#deepest = Math.max(0, ...this.#values.map(({ levels }) => levels.length));
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
    this.#known.set(topic, interest);
    return interest;
  }

  #find(topic: string): TopicInterest | undefined {
    const topicLevels = topic.split('/', this.#deepest + 1);
    const values = this.#values.filter(({ levels }) => levelsMatch(levels, topicLevels)).map(({ rule }) => rule);
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
  const [id, suffix = '', more] = topic.slice(plantTopicSpace.length).split('/', 3);
  const plantId = plantIdSchema.safeParse(id).data;
  return plantId !== undefined && more === undefined && plantSuffixes.includes(suffix) ? { plantId, suffix } : {};
}
