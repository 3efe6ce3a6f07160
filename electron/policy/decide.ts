// Who may do what on which topic.
// - The rules alone decide: a matching deny wins over every allow, and where nothing matches the answer is no.
// - A subscription needs one filter of one rule that covers all of it, and a deny that touches any of it denies it.
// - A condition that this console does not know makes an allow match nobody and a deny match anyway: fail closed.

import type {
  PolicyAction,
  PolicyDecision,
  PolicyDocument,
  PolicyRule,
  PolicySubject,
} from '../../shared/model/policy.ts';
import { groupName, policyActions } from '../../shared/model/policy.ts';
import { isTopicFilter } from '../../shared/model/topics.ts';
import { filterLevels, isTopicName } from './filters.ts';
import { knownConditions } from './rules.ts';
import { isSuperuser } from './superuser.ts';
import { TopicIndex } from './topic-index.ts';

type Indexes = Partial<Record<PolicyAction, TopicIndex>>;
type Rights = Readonly<Record<PolicyAction, { readonly allow: TopicIndex[]; readonly deny: TopicIndex[] }>>;

/** What is remembered of subjects, in bytes as far as they can be told. */
const maxRemembered = 32 * 1024 * 1024;

/** A rule set, ready to decide; made anew when the document changes. It remembers the rights of the latest subjects. */
export class RuleSet {
  readonly #document: PolicyDocument;
  readonly #shared: readonly SharedRules[];
  readonly #maxSubjects: number;
  readonly #rights = new Map<PolicySubject, Rights>();
  #remembered = 0;

  constructor(document: PolicyDocument, options: { readonly maxSubjects?: number } = {}) {
    this.#document = structuredClone(document);
    this.#shared = sharedRules(this.#document.celine.mqtt.acl.rules);
    this.#maxSubjects = options.maxSubjects ?? 10_000;
  }

  /** `topic` is a topic filter for `subscribe` (also a shared one), and a topic name otherwise. Subjects are never altered. */
  decide(subject: PolicySubject, action: PolicyAction, topic: string): PolicyDecision {
    if (subject.type === 'nobody') return { allowed: false, reason: 'nobody' };
    const asked = action === 'subscribe' ? withoutShare(topic) : topic;
    const isValid = action === 'subscribe' ? isTopicFilter(asked) : isTopicName(asked);
    if (!isValid) return { allowed: false, reason: 'invalid-topic' };
    const levels = filterLevels(asked);
    const { allow, deny } = this.#rightsOf(subject)[action];
    const denying = firstOf(deny, levels, action === 'subscribe' ? 'overlapping' : 'covering');
    if (denying !== Infinity) return { allowed: false, reason: 'rule', rule: denying };
    const allowing = firstOf(allow, levels, 'covering');
    if (allowing !== Infinity) return { allowed: true, reason: 'rule', rule: allowing };
    return { allowed: false, reason: 'no-rule' };
  }

  /** Whether a group or scope of the subject has the permission `superuser`. */
  isSuperuser(subject: PolicySubject): boolean {
    return isSuperuser(this.#document, subject);
  }

  #rightsOf(subject: PolicySubject): Rights {
    return this.#rights.get(subject) ?? this.#remember(subject, rightsFrom(this.#shared, subject));
  }

  #remember(subject: PolicySubject, rights: Rights): Rights {
    this.#rights.set(subject, rights);
    this.#remembered += weightOf(subject, rights);
    for (const [oldest, of] of this.#rights) {
      if (this.#rights.size <= this.#maxSubjects && this.#remembered <= maxRemembered) break;
      this.#rights.delete(oldest);
      this.#remembered -= weightOf(oldest, of);
    }
    return rights;
  }
}

/**
 * The rules of one effect about the same subjects, compiled once however many subjects they concern. What one more
 * subject costs is a list of them: a tree of its own for each would let a small document take all memory there is.
 */
class SharedRules {
  readonly effect: 'allow' | 'deny';
  readonly #about: PolicyRule;
  readonly #rules: (readonly [number, PolicyRule])[] = [];
  #indexes: Indexes | undefined;

  constructor(rule: PolicyRule) {
    this.#about = rule;
    this.effect = rule.effect ?? 'allow';
  }

  /** `index` is the rule's place in the document. */
  add(rule: PolicyRule, index: number): void {
    this.#rules.push([index, rule]);
  }

  concern(subject: PolicySubject): boolean {
    return concerns(this.#about, subject);
  }

  get indexes(): Indexes {
    this.#indexes ??= compile(this.#rules);
    return this.#indexes;
  }
}

function sharedRules(rules: readonly PolicyRule[]): readonly SharedRules[] {
  const bySubjects = new Map<string, SharedRules>();
  for (const [i, rule] of rules.entries()) {
    const key = JSON.stringify([rule.effect === 'deny', rule.subjects]);
    const shared = bySubjects.get(key) ?? new SharedRules(rule);
    shared.add(rule, i);
    bySubjects.set(key, shared);
  }
  return [...bySubjects.values()];
}

function compile(rules: readonly (readonly [number, PolicyRule])[]): Indexes {
  const indexes: Indexes = {};
  for (const [i, { actions, topics }] of rules) {
    for (const action of actions === '*' ? policyActions : actions) {
      indexes[action] ??= new TopicIndex();
      for (const topic of topics) indexes[action].add(topic, i);
    }
  }
  return indexes;
}

function rightsFrom(shared: readonly SharedRules[], subject: PolicySubject): Rights {
  const none = () => ({ allow: [], deny: [] });
  const rights: Rights = { subscribe: none(), read: none(), publish: none() };
  for (const rules of shared) {
    if (!rules.concern(subject)) continue;
    for (const action of policyActions) {
      const index = rules.indexes[action];
      if (index) rights[action][rules.effect].push(index);
    }
  }
  return rights;
}

/** The first rule that answers, of whichever index; Infinity where none does. */
function firstOf(
  indexes: readonly TopicIndex[],
  levels: readonly string[],
  relation: 'covering' | 'overlapping',
): number {
  let first = Infinity;
  for (const index of indexes) first = Math.min(first, index[relation](levels));
  return first;
}

const weightOf = ({ id, groups, scopes }: PolicySubject, rights: Rights): number =>
  [id, ...groups, ...scopes].reduce((sum, name) => sum + 16 + 2 * name.length, 500) +
  policyActions.reduce((sum, action) => sum + 8 * (rights[action].allow.length + rights[action].deny.length), 0);

/** Each condition that is set must hold; of its list, one entry is enough. */
export function concerns({ subjects, effect }: PolicyRule, subject: PolicySubject): boolean {
  const { types, ids, groups, scopes } = subjects;
  const isUnknown = Object.keys(subjects).some((key) => !knownConditions.includes(key));
  return (
    (effect === 'deny' || !isUnknown) &&
    (types?.some((type) => type === subject.type) ?? true) &&
    (ids?.includes(subject.id) ?? true) &&
    (groups?.some((group) => isIn(subject, groupName(group))) ?? true) &&
    (scopes?.some((scope) => subject.scopes.includes(scope)) ?? true)
  );
}

const isIn = ({ groups }: PolicySubject, name: string): boolean => groups.some((group) => groupName(group) === name);

/** The filter of a shared subscription, `$share/{name}/{filter}` (MQTT 5, 4.8.2), or the filter as it is. */
function withoutShare(filter: string): string {
  if (!filter.startsWith('$share/')) return filter;
  return /^\$share\/[^/+#]+\/(.*)$/s.exec(filter)?.[1] ?? '';
}
