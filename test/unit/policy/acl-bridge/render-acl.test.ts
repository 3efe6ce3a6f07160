// The file never allows what the rules deny, and whatever else it denies is named.

import { describe, expect, it } from 'vitest';
import { renderPolicyAcl } from '../../../../electron/policy/acl-bridge/render-acl.ts';
import { RuleSet } from '../../../../electron/policy/decide.ts';
import { createAclEvaluator, parseAcl } from '../../../../shared/model/mosquitto/acl.ts';
import { finish } from '../../../../shared/model/mosquitto/fault.ts';
import type { PolicyAction, PolicyDocument, PolicyRule, PolicySubject } from '../../../../shared/model/policy.ts';
import type { AclClient } from '../../../../shared/model/policy-acl.ts';
import { filterMatchesTopic } from '../../../../shared/model/topics.ts';
import { filtersTakenApart } from '../../../support/filters-taken-apart.ts';
import {
  documentOf,
  everySubject,
  everyTopic,
  renamed,
  renamedRules,
  someRules,
} from '../../../support/policy-universe.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const user = (id: string, groups: string[] = ['g']): PolicySubject => ({ type: 'user', id, groups, scopes: [] });
const render = (document: PolicyDocument, clients: readonly AclClient[]) =>
  finish(renderPolicyAcl(document, clients, 'a test'));
const linesOf = (rules: PolicyRule[], subject = user('u')) =>
  render(documentOf(rules), [{ username: 'u', subject }])
    .text.split('\n')
    .filter((line) => /^(topic|user)/.test(line));

const allow = (topics: string[], ...actions: ('subscribe' | 'read' | 'publish')[]): PolicyRule => ({
  subjects: {},
  topics,
  actions,
});
const deny = (topics: string[], ...actions: ('subscribe' | 'read' | 'publish')[]): PolicyRule => ({
  ...allow(topics, ...actions),
  effect: 'deny',
});

/** Every decision on every topic of the small world, against the rules; what the file denies besides must be named. */
function compare(document: PolicyDocument, clients: readonly AclClient[], topics: readonly string[]) {
  const { text, differences, more } = render(document, clients);
  expect(more).toBe(0);
  const { value, faults } = parseAcl(text);
  expect(faults).toEqual([]);
  const file = createAclEvaluator(value);
  const rules = new RuleSet(document);
  let named = 0;
  for (const { username, subject } of clients) {
    const leftOut = differences.filter((found) => found.username === username).flatMap((found) => found.leftOut);
    const isNamed = (action: string, topic: string) =>
      leftOut.some((left) => left.action === action && filterMatchesTopic(left.filter, topic));
    const may = (action: 'subscribe' | 'read' | 'publish', topic: string) =>
      rules.decide(subject, action, topic).allowed;
    for (const topic of topics) {
      const reads = file.mayRead(username, 'c', topic);
      const writes = file.mayWrite(username, 'c', topic);
      // Nobody receives what they may not subscribe to, also where they could read it.
      if (reads) expect(may('read', topic) && may('subscribe', topic), `${username} reads ${topic}`).toBe(true);
      else if (may('read', topic)) {
        expect(isNamed('read', topic), `${username} does not read ${topic}\n${text}`).toBe(true);
        named++;
      }
      if (writes) expect(may('publish', topic), `${username} publishes ${topic}`).toBe(true);
      else if (may('publish', topic)) {
        expect(isNamed('publish', topic), `${username} does not publish ${topic}\n${text}`).toBe(true);
        named++;
      }
    }
  }
  return { named, written: value.blocks.flatMap(({ rules: lines }) => lines).length };
}

describe('the rules as an acl_file', () => {
  it.each([
    ['plain levels', undefined],
    ['empty levels', ''],
    ['levels that begin with $', '$b'],
  ] as const)('decides as random rules do, apart from what it names: %s', (_, level) => {
    const random = new SeededRandom(71);
    const clients = everySubject.map((subject, i) => ({ username: `user-${i}`, subject }));
    const plain = [...everyTopic, '$SYS/a', '$a'];
    const topics = level === undefined ? plain : [...new Set(plain.map((topic) => renamed(topic, level)))];
    let [named, written] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const some = clients.filter(() => random.chance(0.15));
      const rules = someRules(random, 1 + random.below(9));
      const found = compare(documentOf(level === undefined ? rules : renamedRules(rules, level)), some, topics);
      named += found.named;
      written += found.written;
    }
    expect(named).toBeGreaterThan(0);
    expect(written).toBeGreaterThan(300);
  });

  it('writes denies before allows, and one line for both ways', () => {
    const rules = [
      allow(['plant/#'], 'subscribe', 'read', 'publish'),
      allow(['plant/a'], 'read', 'subscribe'),
      deny(['plant/secret', 'elsewhere'], 'subscribe', 'read', 'publish'),
    ];
    expect(linesOf(rules)).toEqual(['user u', 'topic deny plant/secret', 'topic readwrite plant/#']);
  });

  it('lets somebody read where both reading and subscribing are allowed', () => {
    const rules = [allow(['a/#'], 'read'), allow(['+/b', 'c'], 'subscribe')];
    expect(linesOf(rules)).toEqual(['user u', 'topic read a/b']);
    const { differences, text } = render(documentOf(rules), [{ username: 'u', subject: user('u') }]);
    expect(differences).toEqual([
      { username: 'u', reason: 'not-subscribable', rules: [0], leftOut: [{ action: 'read', filter: 'a/#' }] },
    ]);
    expect(text).toContain('# u: rule 1 allows reading where no rule allows a subscription to all of it.');
  });

  it('takes reading away where a subscription is denied', () => {
    const rules = [allow(['a/#'], 'read', 'subscribe'), deny(['a/secret'], 'subscribe')];
    expect(linesOf(rules)).toEqual(['user u', 'topic deny a/secret', 'topic read a/#']);
  });

  it('leaves out what lies under a deny that would take the other action too', () => {
    const rules = [
      allow(['a/#', 'b'], 'read', 'subscribe'),
      allow(['a/x/#'], 'publish'),
      deny(['a/x'], 'read', 'subscribe'),
    ];
    const { differences } = render(documentOf(rules), [{ username: 'u', subject: user('u') }]);
    expect(linesOf(rules)).toEqual(
      ['user u', 'topic write a/x/#', 'topic read b'].toSorted((x, y) => (x < y ? 1 : -1)),
    );
    expect(differences.find(({ reason }) => reason === 'deny-takes-both')).toEqual({
      username: 'u',
      reason: 'deny-takes-both',
      rules: [2, 1, 0],
      leftOut: [{ action: 'read', filter: 'a/#' }],
    });
  });

  it('names who has other rights than rules can give', () => {
    const document: PolicyDocument = {
      celine: {
        mqtt: { acl: { rules: [deny(['#'], 'read', 'publish', 'subscribe')] } },
        roles: { group_permissions: { admins: ['superuser'] } },
      },
    };
    const { text, differences } = render(document, [
      { username: 'ada', subject: user('ada', ['admins']) },
      { username: 'no', subject: { type: 'nobody', id: 'no', groups: [], scopes: [] } },
      { username: 'plus+', subject: user('plus') },
      { username: 'line\nbreak', subject: user('x') },
    ]);
    expect(differences.map(({ reason }) => reason)).toEqual([
      'superuser',
      'nobody',
      'username-not-writable',
      'username-not-writable',
    ]);
    const { value, faults } = parseAcl(text);
    expect(faults).toEqual([]);
    expect(value.blocks).toEqual([
      { username: 'ada', rules: [{ access: 'readwrite', topic: '#' }] },
      { username: 'no', rules: [] },
    ]);
  });

  it('leaves out topics that no line can hold, and what their denies bite into', () => {
    const rules = [allow(['a/#', ' b', 'c/%u'], 'publish'), deny(['a/ '], 'publish'), allow(['d e'], 'publish')];
    expect(linesOf(rules)).toEqual(['user u', 'topic write d e']);
  });

  it('writes no lone surrogate, which would be read back as another topic or user', () => {
    const document = documentOf([allow(['plant/\ud800/#', 'b'], 'publish'), deny(['plant/\ufffd/#'], 'publish')]);
    const { text, differences } = render(document, [
      { username: 'ada\ud800', subject: user('ada') },
      { username: 'u', subject: user('u') },
    ]);
    const written = Buffer.from(text, 'utf8').toString('utf8');
    expect(parseAcl(written).value.blocks).toEqual([{ username: 'u', rules: [{ access: 'write', topic: 'b' }] }]);
    expect(differences.map(({ username, reason }) => [username, reason])).toEqual([
      ['ada\ud800', 'username-not-writable'],
      ['u', 'filter-not-writable'],
    ]);
  });

  it.each([
    ['as many denies as allows', [...many('a/#', 'allow'), ...many('a/x', 'deny')]],
    ['denies that cannot be written', [...many('a/#', 'allow'), ...many('a/x', 'deny', 'publish')]],
    [
      'one rule with very many topics',
      [
        allow(
          many('x', 'allow').flatMap(({ topics }) => topics),
          'subscribe',
          'read',
        ),
      ],
    ],
    ['topics that take a closer look', many('ä', 'allow')],
  ])('is written in short steps: %s', (_, rules) => {
    const client = { username: 'u', subject: user('u') };
    const { most, all } = filtersTakenApart(renderPolicyAcl(documentOf(rules), [client], 'a test'));
    expect(most).toBeLessThan(150);
    // By the number of filters, and not by its square.
    expect(all).toBeGreaterThan(count);
    expect(all).toBeLessThan(100 * count);
  });
});

const count = 1000;

/** As many rules, each about a topic of its own. */
function many(last: string, effect: 'allow' | 'deny', ...actions: PolicyAction[]): PolicyRule[] {
  return Array.from({ length: count }, (_, i) => ({
    subjects: {},
    topics: [`${i}/${last}`],
    actions: actions.length > 0 ? actions : '*',
    effect,
  }));
}
