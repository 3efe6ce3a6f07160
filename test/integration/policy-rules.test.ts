// Rule sets through the contract: kept as written, one in force, and asked before they are.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';

let console: TestConsole;

beforeAll(async () => {
  console = await startConsole();
  await console.client.vault.create({ passphrase });
});
afterAll(() => console.dispose());

const rules = (topic: string, effect = 'allow') =>
  `{ "x-owner": "me", "celine": { "mqtt": { "acl": { "rules": [
     { "subjects": { "types": ["service"] }, "topics": ["${topic}"], "actions": ["publish"], "effect": "${effect}" } ] } } } }`;
const service = { type: 'service', id: 's', groups: [], scopes: ['mqtt.write'] } as const;
const who = { kind: 'subject', subject: service } as const;
const code = (name: string) => expect.objectContaining({ code: name });

it('keeps every version as it was written, with who wrote it, and puts one in force', async () => {
  const { policy, audit } = console.client;
  const question = { who, action: 'publish', topic: 'a/b' } as const;
  await expect(policy.decide(question)).rejects.toEqual(code('policy/no-active-rules'));
  const first = await policy.saveRules({ text: rules('a/#'), note: 'the first' });
  expect(first).toMatchObject({ version: 1, author: 'tester', note: 'the first', isActive: false });
  await policy.saveRules({ text: rules('b/#') });
  await expect(policy.decide(question)).rejects.toEqual(code('policy/no-active-rules'));
  await policy.activateRules({ version: 1 });
  expect(await policy.getRules({ version: 1 })).toMatchObject({ text: rules('a/#'), isActive: true });
  expect((await policy.decide(question)).decision).toEqual({ allowed: true, reason: 'rule', rule: 0 });
  expect((await policy.decide({ ...question, version: 2 })).decision).toEqual({ allowed: false, reason: 'no-rule' });
  expect((await policy.decide({ ...question, text: rules('a/b', 'deny') })).decision).toEqual({
    allowed: false,
    reason: 'rule',
    rule: 0,
  });
  await policy.activateRules({ version: 2 });
  expect((await policy.listRules()).map(({ version, isActive }) => [version, isActive])).toEqual([
    [2, true],
    [1, false],
  ]);
  const { items } = await audit.list({ limit: 10, offset: 0 });
  expect(items.map(({ action, subject }) => `${action} ${subject}`)).toEqual(
    expect.arrayContaining(['policy.save 1', 'policy.activate 2']),
  );
});

it('is asked about subjects that a token could bring, and no others', async () => {
  const { policy } = console.client;
  const odd = { kind: 'subject', subject: { ...service, groups: ['viewers'] } } as const;
  const asked = policy.decide({ who: odd, action: 'publish', topic: 'a', text: rules('a') });
  await expect(asked).rejects.toMatchObject({
    code: 'input/invalid',
    data: { fields: [{ field: 'who.subject.type' }] },
  });
});

it('keeps nothing that is no rules, and points out what it does not know', async () => {
  const { policy } = console.client;
  const before = await policy.listRules();
  await expect(policy.saveRules({ text: '{' })).rejects.toEqual(code('policy/rules-invalid'));
  await expect(policy.saveRules({ text: rules('a/#/b') })).rejects.toEqual(code('policy/rules-invalid'));
  await expect(policy.activateRules({ version: 9 })).rejects.toEqual(code('policy/version-not-found'));
  expect(await policy.listRules()).toEqual(before);
  expect(await policy.checkRules({ text: rules('a') })).toEqual({ faults: [], unknownKeys: ['x-owner'] });
  expect((await policy.checkRules({ text: rules('a+') })).faults.map(({ field }) => field)).toEqual([
    'celine.mqtt.acl.rules.0.topics.0',
  ]);
});
