// Who can reach anything within a filter: nobody, somebody, or everybody.

import { type PolicyAction, type PolicyDocument, policyActions } from '../../../shared/model/policy.ts';
import type { FilterReach, Reach } from '../../../shared/model/policy-analysis.ts';
import { filterLevels } from '../filters.ts';
import { RuleBase, type RuleFilter } from './rule-base.ts';
import { SubjectNames } from './witness-subjects.ts';
import { meetOfFilters, witnessTopics } from './witness-topics.ts';

/** To be run in slices. Answers for all that the rules name, and for further filters that are asked about. */
export function* reachOfFilters(
  document: PolicyDocument,
  further: readonly string[],
): Generator<undefined, FilterReach[]> {
  const base = yield* RuleBase.of(document);
  const names = yield* SubjectNames.of([base.rules]);
  const filters = new Set([...base.rules.flatMap((rule) => rule.filters.map(({ text }) => text)), ...further]);
  const answers: FilterReach[] = [];
  for (const filter of filters) {
    const levels = filterLevels(filter);
    const deepest = Math.max(base.deepest, levels.length);
    const allowing = base.overlapping(levels).filter(({ rule }) => rule.effect === 'allow' && rule.types.length > 0);
    const reach: Record<PolicyAction, Reach> = { subscribe: 'nobody', read: 'nobody', publish: 'nobody' };
    for (const action of policyActions) {
      const entries = allowing.filter(({ rule }) => rule.actions.includes(action));
      reach[action] = yield* reachOf({ base, names, levels, deepest, action }, entries);
    }
    const isDenied = policyActions.some(
      (action) => reach[action] === 'nobody' && allowing.some(({ rule }) => rule.actions.includes(action)),
    );
    answers.push({ filter, ...reach, isDenied });
  }
  return answers;
}

type Question = {
  readonly base: RuleBase;
  readonly names: SubjectNames;
  readonly levels: readonly string[];
  readonly deepest: number;
  readonly action: PolicyAction;
};

function* reachOf(question: Question, allowing: readonly RuleFilter[]): Generator<undefined, Reach> {
  const { base, names, levels, deepest, action } = question;
  let reach: Reach = 'nobody';
  for (const { rule, filter } of allowing) {
    const within = meetOfFilters(levels, filter.levels);
    if (within === null) continue;
    const topics = witnessTopics(within, names.unnamed.level, deepest);
    if (reach === 'nobody') {
      for (const subject of names.concernedByAll([rule])) {
        yield;
        if (!topics.some((topic) => base.isAllowed(subject, action, topic))) continue;
        reach = 'somebody';
        break;
      }
    }
    if (rule.ids || rule.groups || rule.scopes) continue;
    yield;
    if (topics.some((topic) => isForEverybody(question, topic))) return 'everybody';
  }
  return reach;
}

/** Those of the least rights are allowed by rules for everybody, and no deny at all is about the topic. */
function isForEverybody({ base, names, action }: Question, topic: readonly string[]): boolean {
  return (
    names.least.every((subject) => base.isAllowed(subject, action, topic)) &&
    !base
      .overlapping(topic)
      .some(({ rule }) => rule.effect === 'deny' && rule.actions.includes(action) && rule.types.length > 0)
  );
}
