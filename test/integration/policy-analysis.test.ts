// What rules mean, asked through the contract; the numbers of rules are those that the operator sees.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';

let console: TestConsole;

beforeAll(async () => {
  console = await startConsole();
  await console.client.vault.create({ passphrase });
});
afterAll(() => console.dispose());

const text = JSON.stringify({
  celine: {
    mqtt: {
      acl: {
        rules: [
          { subjects: { types: ['service'], groups: ['viewers'] }, topics: ['x'], actions: '*' },
          { subjects: { groups: ['viewers'] }, topics: ['c/#'], actions: ['read'] },
          { subjects: { groups: ['viewers'] }, topics: ['c/secret'], actions: ['read'], effect: 'deny' },
        ],
      },
    },
  },
});
const who = {
  kind: 'subject',
  subject: { type: 'user', id: 'ann', groups: ['viewers'], scopes: [] },
} as const;

it('explains, compares and finds what has no effect', async () => {
  const { policyAnalysis, policy } = console.client;
  const rules = { text };
  const explained = await policyAnalysis.explain({ rules, who, action: 'read', topic: 'c/secret' });
  expect(explained).toMatchObject({ decision: { allowed: false, rule: 2 }, allowing: [1], denying: [2] });
  const { changes } = await policyAnalysis.removal({ rules, rule: 2 });
  expect(changes.map(({ asked, before, after }) => [asked, before, after])).toEqual([
    ['c/secret', { allowed: false, reason: 'rule', rule: 2 }, { allowed: true, reason: 'rule', rule: 1 }],
  ]);
  expect((await policyAnalysis.removal({ rules, rule: 0 })).changes).toEqual([]);
  expect((await policyAnalysis.deadRules({ rules })).rules).toEqual([{ rule: 0, reason: 'no-subject', because: [] }]);
  const reach = await policyAnalysis.reach({ rules, topics: ['d'] });
  expect(reach.map(({ filter, read }) => [filter, read])).toEqual([
    ['x', 'nobody'],
    ['c/#', 'somebody'],
    ['c/secret', 'nobody'],
    ['d', 'nobody'],
  ]);
  await policy.saveRules({ text });
  const between = await policyAnalysis.difference({
    before: { version: 1 },
    after: { text: text.replace('c/#', 'd/#') },
  });
  expect(between.changes.map(({ within, after }) => [within, after.allowed])).toEqual([
    ['c/#', false],
    ['d/#', true],
  ]);
  expect((await policyAnalysis.matrix({ rules: { version: 1 } })).topics.length).toBe(3);
});

it('refuses what is no rules, and a rule that is not there', async () => {
  const { policyAnalysis } = console.client;
  const code = (name: string) => expect.objectContaining({ code: name });
  await expect(policyAnalysis.deadRules({ rules: { text: '{' } })).rejects.toEqual(code('policy/rules-invalid'));
  await expect(policyAnalysis.deadRules({ rules: { version: 77 } })).rejects.toEqual(code('policy/version-not-found'));
  await expect(policyAnalysis.removal({ rules: { text }, rule: 3 })).rejects.toEqual(code('input/invalid'));
});
