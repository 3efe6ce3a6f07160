import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkPolicy, parsePolicy, parsingPolicy } from '../../../electron/policy/rules.ts';
import { policyDocumentSchema } from '../../../shared/model/policy.ts';

const rule = { topics: ['celine/+/events/#'], subjects: { groups: ['viewers'] }, actions: ['read'] };
const document = (...rules: unknown[]) => ({ celine: { mqtt: { acl: { rules } } } });
const at = 'celine.mqtt.acl.rules.0';

it('is read in steps, so that a large document holds nobody up for all of it', () => {
  const text = JSON.stringify(document(rule));
  const checks = vi.spyOn(policyDocumentSchema, 'safeParse');
  onTestFinished(() => checks.mockRestore());
  const steps = parsingPolicy(text);
  const checksByStep: number[] = [];
  for (let isDone = false; !isDone; checks.mockClear()) {
    isDone = steps.next().done === true;
    checksByStep.push(checks.mock.calls.length);
  }
  // The text, keys that occur twice, the values, the rules, and unknown keys.
  expect(checksByStep).toEqual([0, 0, 0, 1, 0]);
});

describe('a rule document', () => {
  it('comes back as it was read, with unknown keys in their places, and names them', () => {
    const text = JSON.stringify({
      note: 'x',
      celine: {
        other: 1,
        roles: { group_permissions: { admins: ['superuser'] }, more: {} },
        mqtt: {
          acl: { rules: [{ comment: 'c', ...rule, actions: ['read'], subjects: { zone: 'z', types: ['user'] } }] },
        },
      },
    });
    const parsed = parsePolicy(text);
    expect(JSON.stringify(parsed.document)).toBe(text);
    expect(parsed.unknownKeys).toEqual([
      'note',
      'celine.other',
      `${at}.comment`,
      `${at}.subjects.zone`,
      'celine.roles.more',
    ]);
  });

  it.each([
    [{ ...rule, topics: ['ok', 'a/#/b'] }, `${at}.topics.1`],
    [{ ...rule, topics: ['a+'] }, `${at}.topics.0`],
    [{ ...rule, topics: [] }, `${at}.topics`],
    [{ subjects: {}, actions: '*' }, `${at}.topics`],
    [{ ...rule, actions: ['write'] }, `${at}.actions`],
    [{ ...rule, effect: 'maybe' }, `${at}.effect`],
    [{ ...rule, subjects: { groups: [] } }, `${at}.subjects.groups`],
    [{ ...rule, subjects: { groups: ['a', '/'] } }, `${at}.subjects.groups.1`],
    [{ ...rule, subjects: { types: ['nobody'] } }, `${at}.subjects.types.0`],
  ])('with the rule %o is at fault at %s', (broken, field) => {
    expect(checkPolicy(document(broken)).map((fault) => fault.field)).toEqual([field]);
    expect(() => parsePolicy(JSON.stringify(document(broken)))).toThrow(
      expect.objectContaining({ code: 'policy/rules-invalid' }),
    );
  });

  it.each(['efect', 'Effect', 'effects', 'effcet', 'effect ', 'affect', 'EFECT', 'Topics', 'action', 'subject'])(
    'with the key %s in a rule is refused there, since a misspelt deny would allow',
    (key) => {
      const text = JSON.stringify(document({ ...rule, [key]: 'deny' }));
      expect(() => parsePolicy(text)).toThrow(
        expect.objectContaining({
          code: 'policy/rules-invalid',
          fields: [expect.objectContaining({ field: `${at}.${key}` })],
        }),
      );
    },
  );

  it.each(['comment', 'effort', 'x-effect', 'defects', ''])('keeps the key “%s” of a rule', (key) => {
    const { document: kept, unknownKeys } = parsePolicy(JSON.stringify(document({ ...rule, [key]: 'deny' })));
    expect(unknownKeys).toEqual([`${at}.${key}`]);
    expect(kept.celine.mqtt.acl.rules[0]).toMatchObject({ [key]: 'deny' });
  });

  it.each(['group_permissions', 'scope_permissions'])('with %s of __proto__ is refused', (key) => {
    const text = `{"celine":{"mqtt":{"acl":{"rules":[]}},"roles":{"${key}":{"__proto__":"superuser"}}}}`;
    expect(() => parsePolicy(text)).toThrow(
      expect.objectContaining({
        code: 'policy/rules-invalid',
        fields: [expect.objectContaining({ field: `celine.roles.${key}` })],
      }),
    );
  });

  it.each(['', '{', 'null', '[]', '['.repeat(50_000)])('is not %.10o', (text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ code: 'policy/rules-invalid' }));
  });

  it('that is no JSON says where', () => {
    expect(() => parsePolicy('{\n  "celine": {,\n')).toThrow(
      expect.objectContaining({
        fields: [{ field: '', message: 'is no JSON: line 2, column 14: a key in quotes is missing' }],
      }),
    );
  });

  it('with a key that occurs twice is refused, since readers differ in which of them counts', () => {
    const text = JSON.stringify(document(rule)).replace('"actions"', '"effect":"deny","effect":"allow","actions"');
    expect(() => parsePolicy(text)).toThrow(
      expect.objectContaining({ fields: [{ field: `${at}.effect`, message: 'occurs twice' }] }),
    );
  });
});
