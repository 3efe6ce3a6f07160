import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../../renderer/features/monitor/message/changes.ts';
import { jsonTree, valueTree } from '../../../renderer/features/monitor/message/value-tree.ts';

const treeOf = (text: string) => {
  const tree = jsonTree(new TextEncoder().encode(text));
  if (!tree) throw new Error('no tree');
  return tree;
};
const between = (before: string, after: string, limit = 200) => changesBetween(treeOf(before), treeOf(after), limit);

describe('what changed between two payloads', () => {
  test('is told by path: added, removed and changed', () => {
    expect(between('{"a":1,"b/~":[1,2],"c":null}', '{"a":2,"b/~":[1],"d":{"e":"x"}}')).toEqual({
      truncated: false,
      changes: [
        { kind: 'changed', path: '/a', before: '1', after: '2' },
        { kind: 'removed', path: '/b~1~0/1', before: '2' },
        { kind: 'removed', path: '/c', before: 'null' },
        { kind: 'added', path: '/d', after: '{"e":"x"}' },
      ],
    });
    expect(between('[]', '{}').changes).toEqual([{ kind: 'changed', path: '', before: '[]', after: '{}' }]);
  });

  test('is nothing where the same values are written otherwise', () => {
    expect(between('{"a":[1.0,-0.5e1],"b":2}', '{ "b": 2, "a": [1, -5] }').changes).toEqual([]);
  });

  test('is told by the digits that were sent, also where a double holds only some of them', () => {
    expect(between('{"n":12345678901234567890}', '{"n":12345678901234567891}').changes).toEqual([
      { kind: 'changed', path: '/n', before: '12345678901234567890', after: '12345678901234567891' },
    ]);
    expect(between('0.1', '0.10000000000000000001').changes).toHaveLength(1);
  });

  test('is told of the second of two members with one name', () => {
    expect(between('{"a":1,"a":2}', '{"a":1,"a":3}').changes).toMatchObject([{ before: '2', after: '3' }]);
    expect(between('{"a":1}', '{"a":1,"a":1}').changes).toEqual([{ kind: 'added', path: '/a', after: '1' }]);
  });

  test('is told of names that mean something to JavaScript', () => {
    expect(between('{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}').changes).toMatchObject([{ path: '/__proto__/a' }]);
  });

  test('stops at its limit and says so, and shows of a large value the beginning', () => {
    expect(between('[1,2,3]', '[4,5,6]', 2)).toMatchObject({ truncated: true, changes: [{}, {}] });
    expect(between('[1,2]', '[4,5]', 2)).toMatchObject({ truncated: false, changes: [{}, {}] });
    const large = JSON.stringify({ list: Array.from({ length: 100_000 }, (_, i) => i) });
    const [change] = between('{}', large).changes;
    expect(change).toMatchObject({ kind: 'added', after: expect.stringMatching(/^\[0,1,2,.*…$/) });
    expect(change?.kind === 'added' && change.after.length).toBe(301);
  });

  test('is told of other formats by their trees', () => {
    expect(changesBetween(valueTree({ a: 1 }), valueTree({ a: 'x' }), 5).changes).toEqual([
      { kind: 'changed', path: '/a', before: '1', after: '"x"' },
    ]);
  });
});
