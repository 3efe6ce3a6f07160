import { expect, it } from 'vitest';
import { WholeLines } from '../../../electron/platform/whole-lines.ts';

it('gives lines once their end has come', () => {
  const pieces = new WholeLines();
  expect(pieces.take('one\ntw')).toBe('one\n');
  expect(pieces.take('o')).toBe('');
  expect(pieces.take('\nthree\nfour')).toBe('two\nthree\n');
});

it('keeps the beginning of a line that does not end, and no more of it', () => {
  const pieces = new WholeLines();
  for (let i = 0; i < 4; i++) expect(pieces.take(`${i}`.repeat(50_000))).toBe('');
  const line = pieces.take('\nnext\n');
  expect(line.startsWith('0'.repeat(50_000))).toBe(true);
  expect(line.length).toBeLessThan(70_000);
  expect(line.endsWith('\nnext\n')).toBe(true);
});
