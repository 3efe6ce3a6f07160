import { describe, expect, test } from 'vitest';
import { jsonTree, valueRows, valueTree } from '../../../renderer/features/monitor/message/value-tree.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const lines = (text: string, toggled: string[] = []) => {
  const root = jsonTree(bytes(text));
  if (!root) throw new Error('no tree');
  return valueRows(root, new Set(toggled)).map(
    ({ node, depth }) => `${'  '.repeat(depth)}${node.key ?? ''} ${node.text}`,
  );
};

describe('a payload as a tree', () => {
  test('keeps the digits of its numbers, and a key that occurs twice', () => {
    expect(lines('{"a":1.0,"b":[12345678901234567890],"a":"x"}')).toEqual([
      ' ',
      '  a 1.0',
      '  b ',
      '    0 12345678901234567890',
      '  a "x"',
    ]);
  });

  test('opens and closes by the path of a branch', () => {
    expect(lines('{"a":{"b":1}}', ['/a'])).toEqual([' ', '  a ']);
    expect(lines('{"a/b":{"c":{"d":{"e":1}}}}')).toHaveLength(4);
    expect(lines('{"a/b":{"c":{"d":{"e":1}}}}', ['/a~1b/c/d'])).toHaveLength(5);
  });

  test('a branch of many members is closed at first', () => {
    expect(lines(JSON.stringify({ list: Array.from({ length: 5000 }, (_, i) => i) }))).toHaveLength(2);
  });

  test('shows what cannot be seen as escapes', () => {
    expect(lines('["\u202eb"]')[1]).toBe('  0 "\\u202eb"');
    expect(valueTree('\u0000').text).toBe('"\\u0000"');
  });

  test('there is none of what is no JSON, no UTF-8 or too deep', () => {
    expect(jsonTree(bytes('{"a":'))).toBeNull();
    expect(jsonTree(Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
    expect(jsonTree(bytes('['.repeat(100_000) + ']'.repeat(100_000)))).toBeNull();
  });
});
