// Decisions for known subjects under a thousand rules, against a linear scan of the same rules; and under ten
// thousand rules against one thousand; and where each subject has a rule of its own besides. The scan makes about 2,700 a second where 500,000 are asked for: 185 times that.

import { RuleSet } from '../../../electron/policy/decide.ts';
import type { PolicyDocument, PolicyRule, PolicySubject } from '../../../shared/model/policy.ts';
import { filterMatchesTopic } from '../../../shared/model/topics.ts';
import { takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';

const subjects: readonly PolicySubject[] = Array.from({ length: 100 }, (_, i) => ({
  type: 'service',
  id: `svc-${i}`,
  groups: [],
  scopes: ['mqtt.write'],
}));

/** Every rule concerns every subject, so that nothing is decided before the topics are looked at. */
const documentOf = (count: number, own: PolicyRule[] = []): PolicyDocument => ({
  celine: {
    mqtt: {
      acl: {
        rules: [
          ...Array.from(
            { length: count },
            (_, i): PolicyRule => ({
              subjects: { scopes: ['mqtt.write'] },
              topics: [`celine/telemetry/meter/${i}/+`],
              actions: ['publish'],
              effect: i % 10 === 9 ? 'deny' : 'allow',
            }),
          ),
          ...own,
        ],
      },
    },
  },
});

function perSecond(count: number, rules: number, decide: (subject: PolicySubject, topic: string) => boolean): number {
  const topics = Array.from({ length: 997 }, (_, i) => `celine/telemetry/meter/${(i * 7) % rules}/readings`);
  let allowed = 0;
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const subject = subjects[i % subjects.length];
    if (subject && decide(subject, topics[i % topics.length] ?? '')) allowed++;
  }
  const rate = (count / (performance.now() - begin)) * 1000;
  if (allowed === 0 || allowed === count) throw new Error('some are allowed, and some are denied');
  return rate;
}

async function ofRuleSet(rules: number, own: PolicyRule[] = []): Promise<() => Promise<number>> {
  const ruleSet = new RuleSet(documentOf(rules, own));
  for (const subject of subjects) ruleSet.decide(subject, 'publish', 'a');
  return async () => perSecond(200_000, rules, (subject, topic) => ruleSet.decide(subject, 'publish', topic).allowed);
}

async function scan(): Promise<number> {
  const { rules } = documentOf(1000).celine.mqtt.acl;
  return perSecond(2000, 1000, (_, topic) => {
    const matching = rules.filter(({ topics }) => topics.some((filter) => filterMatchesTopic(filter, topic)));
    return matching.length > 0 && matching.every(({ effect }) => effect !== 'deny');
  });
}

export const policyDecisions: BenchRow = {
  name: 'policy/decisions',
  unit: '/s, 1000 rules; ref: scan',
  aim: 185,
  direction: 'more-is-better',
  run: async () => takeTurns(5, await ofRuleSet(1000), scan),
};

export const policyGrowth: BenchRow = {
  name: 'policy/decisions-10000-rules',
  unit: '/s; ref: 1000 rules',
  aim: 0.7,
  direction: 'more-is-better',
  run: async () => takeTurns(5, await ofRuleSet(10_000), await ofRuleSet(1000)),
};

const ownRules = subjects.map(
  ({ id }): PolicyRule => ({ subjects: { ids: [id] }, topics: [`celine/own/${id}/#`], actions: ['publish'] }),
);

export const policyOwnRules: BenchRow = {
  name: 'policy/decisions-own-rules',
  unit: '/s; ref: no rule by id',
  aim: 0.4,
  direction: 'more-is-better',
  run: async () => takeTurns(5, await ofRuleSet(1000, ownRules), await ofRuleSet(1000)),
};
