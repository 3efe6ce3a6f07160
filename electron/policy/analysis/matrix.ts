// Subjects by topics: who may do what, as far as the rules tell subjects and topics apart.

import { type PolicyDocument, type PolicySubject, policyActions } from '../../../shared/model/policy.ts';
import type { PolicyMatrix } from '../../../shared/model/policy-analysis.ts';
import { isTopicFilter } from '../../../shared/model/topics.ts';
import { RuleSet } from '../decide.ts';
import { filterLevels } from '../filters.ts';
import { RuleBase } from './rule-base.ts';
import { SubjectNames } from './witness-subjects.ts';
import { askedFor, witnessTopics } from './witness-topics.ts';

/** What a window can show; what is beyond is counted. */
const maxSubjects = 300;
const maxTopics = 300;
/** Those beyond are not even counted. */
const maxKnown = 20_000;

/** To be run in slices. The subjects and topics that are asked for come first. */
export function* matrix(
  document: PolicyDocument,
  asked: { readonly subjects: readonly PolicySubject[]; readonly topics: readonly string[] },
): Generator<undefined, PolicyMatrix> {
  const base = yield* RuleBase.of(document);
  const rules = new RuleSet(document);
  const names = yield* SubjectNames.of([base.rules]);
  const { level } = names.unnamed;
  const allSubjects = yield* distinctSubjects(base, names, asked.subjects);
  const named = base.rules.flatMap(({ filters }) => filters.map(({ text }) => text));
  const allFilters = [...new Set([...asked.topics, ...named])].filter(isTopicFilter);
  const subjects = allSubjects.slice(0, maxSubjects);
  const topics = allFilters.slice(0, maxTopics).map((filter) => {
    const [topic = [level]] = witnessTopics(witnessable(filterLevels(filter), level), level, base.deepest);
    return { filter, topic: topic.join('/') };
  });
  const allowed: number[][] = [];
  for (const subject of subjects) {
    allowed.push(
      topics.map(({ filter, topic }) =>
        policyActions.reduce((bits, action, at) => {
          const question = action === 'subscribe' ? askedFor(filter, level) : topic;
          return rules.decide(subject, action, question).allowed ? bits | (1 << at) : bits;
        }, 0),
      ),
    );
    yield;
  }
  const omitted = {
    subjects: allSubjects.length - subjects.length,
    topics: allFilters.length - topics.length,
  };
  return { subjects, topics, allowed, omitted, unnamed: names.unnamed, alike: names.alike };
}

/** An example below a filter that ends in `#` lies one level down, where messages usually are. */
const witnessable = (levels: readonly string[], unnamed: string): readonly string[] =>
  levels.at(-1) === '#' ? [...levels.slice(0, -1), unnamed] : levels;

function* distinctSubjects(
  base: RuleBase,
  names: SubjectNames,
  asked: readonly PolicySubject[],
): Generator<undefined, PolicySubject[]> {
  const known = new Map<string, PolicySubject>();
  const add = (subject: PolicySubject) => {
    const key = JSON.stringify([subject.type, subject.id, subject.groups, subject.scopes]);
    if (!known.has(key)) known.set(key, subject);
  };
  for (const subject of [...asked, ...names.least]) add(subject);
  for (const rule of base.rules) {
    for (const subject of names.concernedByAll([rule])) {
      add(subject);
      if (known.size >= maxKnown) return [...known.values()];
      yield;
    }
  }
  return [...known.values()];
}
