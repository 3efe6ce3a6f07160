import { describe, expect, it } from 'vitest';
import { type Acl, checkAclInSteps, createAclEvaluator, parseAcl } from '../../../../../shared/model/mosquitto/acl.ts';
import { renderAcl } from '../../../../../shared/model/mosquitto/acl-text.ts';
import { finish } from '../../../../../shared/model/mosquitto/fault.ts';
import { generatedAcl } from '../../../../support/generated-files.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

const acl: Acl = {
  patterns: [
    { access: 'write', topic: 'cpi/%u/telemetry' },
    { access: 'read', topic: 'cpi/%u/command' },
    { access: 'deny', topic: 'cpi/%u/secret' },
  ],
  blocks: [
    { username: 'console', rules: [{ access: 'readwrite', topic: 'cpi/#' }] },
    { username: 'revoked', rules: [{ access: 'deny', topic: '#' }] },
    { username: 'two words', rules: [{ access: 'read', topic: 'a b/c' }] },
  ],
};

describe('acl files', () => {
  it('come back from their text as they were', () => {
    expect(parseAcl(renderAcl(acl, ['a comment']))).toEqual({ value: acl, faults: [] });
  });

  it('are read without the access word, with spaces in front, and with Windows line ends', () => {
    const { value, faults } = parseAcl('user  bob  \r\n  topic   read   a/b\r\ntopic c\r\n\r\n');
    expect(faults).toEqual([]);
    expect(value.blocks).toEqual([
      {
        username: 'bob',
        rules: [
          { access: 'read', topic: 'a/b' },
          { access: 'readwrite', topic: 'c' },
        ],
      },
    ]);
  });

  it('gather the blocks of one user', () => {
    const { value } = parseAcl('user a\ntopic read x\nuser b\ntopic read y\nuser a\ntopic write z\n');
    expect(value.blocks.map((block) => [block.username, block.rules.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it.each([
    ['refused', 'an unknown word', 'users bob'],
    ['refused', 'an indented comment', ' # comment'],
    ['refused', 'a byte order mark', '\ufeffuser bob'],
    ['refused', 'a tab behind the word', 'topic\tread a'],
    ['refused', 'an unknown access', 'topic write-only a/b'],
    ['refused', 'a topic with a space but no access', 'topic a b'],
    ['refused', 'a trailing comment', 'topic read a/b # note'],
    ['refused', 'a misplaced wildcard', 'topic read a/#/b'],
    ['refused', 'a missing topic', 'topic'],
    ['refused', 'a missing user name', 'user'],
    ['misread', 'a tab behind the access', 'topic read\ta'],
    ['misread', 'quotes', 'user "bob"'],
    ['misread', 'a comment behind a name', 'user bob # the builder'],
    ['misread', 'an access without a topic', 'topic read'],
    ['misread', '%u outside of a pattern', 'topic read cpi/%u/x'],
  ])('%s: %s', (effect, _what, line) => {
    const { faults } = parseAcl(`user first\n${line}\n`);
    expect(faults.map((fault) => [fault.line, fault.effect])).toContainEqual([2, effect]);
  });

  it('name topics that only anonymous clients get', () => {
    expect(parseAcl('topic read a\n').faults).toMatchObject([{ line: 1, effect: 'misread' }]);
  });

  it('are not rendered from names that would become lines of their own', () => {
    const rules = [{ access: 'read', topic: 'a' }] as const;
    expect(() => renderAcl({ patterns: [], blocks: [{ username: 'x\ntopic #', rules }] })).toThrow(RangeError);
    expect(() => renderAcl({ patterns: [], blocks: [{ username: 'x ', rules }] })).toThrow(RangeError);
    expect(() => renderAcl({ patterns: [], blocks: [{ username: 'x\ud800', rules }] })).toThrow(RangeError);
  });
});

describe('checkAclInSteps', () => {
  it('finds what parseAcl finds, line by line', () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 2_000; round++) {
      const text = generatedAcl(random).toString('utf8');
      const { value, faults } = parseAcl(text);
      expect(finish(checkAclInSteps(text))).toEqual({ value: { patterns: value.patterns }, faults });
    }
  });

  it('takes a long file in steps, and still knows the line', () => {
    const text = `${renderAcl({ patterns: [], blocks: acl.blocks })}${'user x\ntopic read a/b\n\n'.repeat(10_000)}nonsense\n`;
    const steps = checkAclInSteps(text);
    let count = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        expect(step.value.faults).toMatchObject([{ line: text.split('\n').length - 1, effect: 'refused' }]);
        break;
      }
      count++;
    }
    expect(count).toBeGreaterThan(2);
  });

  it.each(['a/'.repeat(201), 'x'.repeat(70_000), 'a/#/b', 'a+'])('is not misled by what looks plain', (topic) => {
    expect(finish(checkAclInSteps(`user a\ntopic read ${topic}\n`)).faults).toHaveLength(1);
  });
});

describe('createAclEvaluator', () => {
  const evaluator = createAclEvaluator(acl);

  it('gives a pattern to its own user only', () => {
    expect(evaluator.mayWrite('p1', 'c', 'cpi/p1/telemetry')).toBe(true);
    expect(evaluator.mayWrite('p1', 'c', 'cpi/p2/telemetry')).toBe(false);
    expect(evaluator.mayRead('p1', 'c', 'cpi/p1/telemetry')).toBe(false);
    expect(evaluator.mayRead('p1', 'c', 'cpi/p1/command')).toBe(true);
    expect(evaluator.mayWrite(undefined, 'c', 'cpi//telemetry')).toBe(false);
  });

  it('lets a deny of the user win over patterns, and an allow of the user over a pattern that denies', () => {
    expect(evaluator.mayWrite('revoked', 'c', 'cpi/revoked/telemetry')).toBe(false);
    expect(evaluator.mayRead('p1', 'c', 'cpi/p1/secret')).toBe(false);
    expect(evaluator.mayRead('console', 'c', 'cpi/console/secret')).toBe(true);
  });

  it('lets a later deny of the same user win over an earlier allow', () => {
    const { value } = parseAcl('user a\ntopic readwrite x/#\ntopic deny x/y\n');
    expect(createAclEvaluator(value).mayRead('a', 'c', 'x/y')).toBe(false);
    expect(createAclEvaluator(value).mayRead('a', 'c', 'x/z')).toBe(true);
  });

  it('takes all patterns from names and client ids with wildcards', () => {
    expect(evaluator.mayWrite('+', 'c', 'cpi/+/telemetry')).toBe(false);
    expect(evaluator.mayWrite('p1', '#', 'cpi/p1/telemetry')).toBe(false);
  });

  it('replaces %c by the client id', () => {
    const { value } = parseAcl('pattern read box/%c/%u\n');
    expect(createAclEvaluator(value).mayRead('u', 'c1', 'box/c1/u')).toBe(true);
    expect(createAclEvaluator(value).mayRead('u', 'c2', 'box/c1/u')).toBe(false);
  });

  it('keeps $SYS from a # and denies what no rule names', () => {
    const { value } = parseAcl('user a\ntopic read #\n');
    expect(createAclEvaluator(value).mayRead('a', 'c', '$SYS/broker/version')).toBe(false);
    expect(createAclEvaluator(parseAcl('').value).mayRead('a', 'c', 'x')).toBe(false);
  });
});
