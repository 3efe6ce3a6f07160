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
import { policyActions } from '../../shared/model/policy.ts';
import { isTopicFilter } from '../../shared/model/topics.ts';
import { filterLevels, isTopicName } from './filters.ts';
import { knownConditions } from './rules.ts';
import { TopicIndex } from './topic-index.ts';

type Rights = Readonly<Record<PolicyAction, { readonly allow: TopicIndex; readonly deny: TopicIndex }>>;

/** A rule set, ready to decide; made anew when the document changes. It remembers the rights of the latest subjects. */
export class RuleSet {
  readonly #document: PolicyDocument;
  readonly #maxSubjects: number;
  readonly #rights = new Map<string, Rights>();
  /** By the rules that concern a subject: many subjects differ in nothing but their id, and share what is compiled. */
  readonly #compiled = new Map<string, Rights>();
  readonly #bySubject = new WeakMap<PolicySubject, Rights>();

  constructor(document: PolicyDocument, options: { readonly maxSubjects?: number } = {}) {
    this.#document = structuredClone(document);
    this.#maxSubjects = options.maxSubjects ?? 1000;
  }

  /** `topic` is a topic filter for `subscribe` (also a shared one), and a topic name otherwise. Subjects are never altered. */
  decide(subject: PolicySubject, action: PolicyAction, topic: string): PolicyDecision {
    if (subject.type === 'nobody') return { allowed: false, reason: 'nobody' };
    const asked = action === 'subscribe' ? withoutShare(topic) : topic;
    const isValid = action === 'subscribe' ? isTopicFilter(asked) : isTopicName(asked);
    if (!isValid) return { allowed: false, reason: 'invalid-topic' };
    const levels = filterLevels(asked);
    const { allow, deny } = this.#rightsOf(subject)[action];
    const denying = action === 'subscribe' ? deny.overlapping(levels) : deny.covering(levels);
    if (denying !== Infinity) return { allowed: false, reason: 'rule', rule: denying };
    const allowing = allow.covering(levels);
    if (allowing !== Infinity) return { allowed: true, reason: 'rule', rule: allowing };
    return { allowed: false, reason: 'no-rule' };
  }

  /** Whether a group or scope of the subject has the permission `superuser`. */
  isSuperuser({ type, groups, scopes }: PolicySubject): boolean {
    const { group_permissions: byGroup = {}, scope_permissions: byScope = {} } = this.#document.celine.roles ?? {};
    const grants = (permissions: Readonly<Record<string, readonly string[]>>, name: string) =>
      Object.hasOwn(permissions, name) && permissions[name]?.includes('superuser') === true;
    return (
      type !== 'nobody' &&
      (groups.some((name) => grants(byGroup, name)) || scopes.some((name) => grants(byScope, name)))
    );
  }

  #rightsOf(subject: PolicySubject): Rights {
    const known = this.#bySubject.get(subject);
    if (known) return known;
    const key = JSON.stringify([subject.type, subject.id, subject.groups, subject.scopes]);
    const rights = this.#rights.get(key) ?? this.#compile(subject);
    this.#remember(this.#rights, key, rights);
    this.#bySubject.set(subject, rights);
    return rights;
  }

  #compile(subject: PolicySubject): Rights {
    const { rules } = this.#document.celine.mqtt.acl;
    const concerned = [...rules.entries()].filter(([, rule]) => concerns(rule, subject));
    const key = concerned.map(([i]) => i).join();
    const rights = this.#compiled.get(key) ?? compile(concerned);
    this.#remember(this.#compiled, key, rights);
    return rights;
  }

  #remember(memory: Map<string, Rights>, key: string, rights: Rights): void {
    memory.delete(key);
    memory.set(key, rights);
    const [oldest] = memory.keys();
    if (memory.size > this.#maxSubjects && oldest !== undefined) memory.delete(oldest);
  }
}

function compile(rules: readonly (readonly [number, PolicyRule])[]): Rights {
  const pair = () => ({ allow: new TopicIndex(), deny: new TopicIndex() });
  const rights: Rights = { subscribe: pair(), read: pair(), publish: pair() };
  for (const [i, { actions, effect = 'allow', topics }] of rules) {
    for (const action of actions === '*' ? policyActions : actions)
      for (const topic of topics) rights[action][effect].add(topic, i);
  }
  return rights;
}

/** Each condition that is set must hold; of its list, one entry is enough. */
export function concerns({ subjects, effect }: PolicyRule, subject: PolicySubject): boolean {
  const { types, ids, groups, scopes } = subjects;
  const isUnknown = Object.keys(subjects).some((key) => !knownConditions.includes(key));
  return (
    (effect === 'deny' || !isUnknown) &&
    (types?.some((type) => type === subject.type) ?? true) &&
    (ids?.includes(subject.id) ?? true) &&
    (groups?.some((group) => subject.groups.includes(group)) ?? true) &&
    (scopes?.some((scope) => subject.scopes.includes(scope)) ?? true)
  );
}

/** The filter of a shared subscription, `$share/{name}/{filter}` (MQTT 5, 4.8.2), or the filter as it is. */
function withoutShare(filter: string): string {
  if (!filter.startsWith('$share/')) return filter;
  return /^\$share\/[^/+#]+\/(.*)$/s.exec(filter)?.[1] ?? '';
}
