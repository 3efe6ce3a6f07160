import { describe, expect, it } from 'vitest';
import { insertJsonItem, moveJsonItem, setJson } from '../../../../shared/model/json/json-edit.ts';
import { NoJson, nodeAt, parseJsonText, placeAt, repeatedKeys } from '../../../../shared/model/json/json-text.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const random = new SeededRandom(11);

function someValue(depth: number): unknown {
  switch (random.below(depth > 3 ? 4 : 6)) {
    case 0:
      return random.pick([0, -1.5, 1e30, 12]);
    case 1:
      return random.pick([true, false, null]);
    case 2:
    case 3:
      return random.pick(['', 'a"\\\n', 'čerpadlo \u2028', '{]']);
    case 4:
      return random.list(random.below(4), () => someValue(depth + 1));
    default:
      return Object.fromEntries(random.list(random.below(4), (i) => [`k${i}`, someValue(depth + 1)]));
  }
}

const takes = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

describe('a JSON text', () => {
  it('is one exactly where JSON.parse takes it, however it is damaged', () => {
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const good = JSON.stringify(someValue(0), null, random.pick([0, 1, '\t']));
      const at = random.below(good.length + 1);
      const bad =
        good.slice(0, at) +
        random.pick(['', ',', '"', '}', '1', 'e', '\n', '\\', '.', '-']) +
        good.slice(at + random.below(2));
      const isTaken = takes(() => JSON.parse(bad));
      expect([bad, takes(() => parseJsonText(bad))]).toEqual([bad, isTaken]);
      if (!isTaken) refused++;
    }
    expect(refused).toBeGreaterThan(500);
  });

  it.each([
    ['{"a": 1,}', 9, 'a key in quotes is missing'],
    ['{"a" 1}', 6, 'a colon is missing'],
    ['[1 2]', 4, 'a comma or ] is missing'],
    ['["a]', 2, 'a text is not closed or has a wrong character'],
    ['[1', 3, 'the text ends too early'],
    ['[1] x', 5, 'something follows the end'],
    ['[01]', 3, 'a comma or ] is missing'],
  ])('%s is wrong at column %i', (source, column, message) => {
    let error: unknown;
    try {
      parseJsonText(source);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NoJson);
    if (error instanceof NoJson)
      expect([placeAt(source, error.offset).column, error.message]).toEqual([column, message]);
  });

  it('that is nested without end is refused', () => {
    expect(() => parseJsonText('['.repeat(100_000))).toThrow('nested too deep');
  });

  it('tells where its parts are, and which keys are there twice', () => {
    const source = '{\n  "a": [1, {"b": 2}],\n  "c": 3, "c": 4\n}';
    const { start } = nodeAt(parseJsonText(source), ['a', 1, 'b']);
    expect(placeAt(source, start)).toEqual({ line: 2, column: 18 });
    expect(repeatedKeys(parseJsonText(source))).toEqual([['c']]);
  });
});

describe('an edit', () => {
  const source = '{\n    "x": 1.0,\n    "rules": [\n        {"a": [ 1 ]},\n        {"a": 2}\n    ]\n}\n';

  it('leaves all else as it was written', () => {
    expect(setJson(source, ['rules', 1, 'a'], ['y'])).toBe(source.replace('{"a": 2}', '{"a": ["y"]}'));
    expect(setJson(source, ['rules', 1, 'b'], 'y')).toBe(source.replace('{"a": 2}', '{"a": 2, "b": "y"}'));
    expect(setJson(source, ['rules', 1, 'a'], undefined)).toBe(source.replace('{"a": 2}', '{}'));
    expect(setJson(source, ['rules', 0], undefined)).toBe(source.replace('{"a": [ 1 ]},\n        ', ''));
    expect(moveJsonItem(source, ['rules'], 1, 0)).toBe(
      source.replace('{"a": [ 1 ]},\n        {"a": 2}', '{"a": 2},\n        {"a": [ 1 ]}'),
    );
    expect(insertJsonItem(source, ['rules'], 2, { a: 3 })).toBe(
      source.replace('{"a": 2}', '{"a": 2},\n        { "a": 3 }'),
    );
    expect(insertJsonItem('{\n  "rules": []\n}', ['rules'], 0, 1)).toBe('{\n  "rules": [\n    1\n  ]\n}');
    expect(insertJsonItem('{"rules":[]}', ['rules'], 0, 1)).toBe('{"rules":[1]}');
  });

  it('means what it would mean to the values', () => {
    for (let round = 0; round < 500; round++) {
      const list = random.list(1 + random.below(4), () => someValue(1));
      const text = JSON.stringify({ list, other: someValue(1) }, null, random.pick([0, 2, '\t']));
      const at = random.below(list.length);
      const value = someValue(1);
      const listIn = (edited: string) => JSON.parse(edited).list;
      expect(listIn(setJson(text, ['list', at], value))).toEqual(list.with(at, value));
      expect(listIn(setJson(text, ['list', at], undefined))).toEqual(list.toSpliced(at, 1));
      expect(listIn(insertJsonItem(text, ['list'], at, value))).toEqual(list.toSpliced(at, 0, value));
      const to = random.below(list.length);
      expect(listIn(moveJsonItem(text, ['list'], at, to))).toEqual(list.toSpliced(at, 1).toSpliced(to, 0, list[at]));
    }
  });
});
