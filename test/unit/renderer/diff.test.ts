import { expect, it } from 'vitest';
import { countChanges, parseDiff } from '../../../renderer/features/brokers/plan/diff.ts';

it('reads a unified diff line by line, and says where in the file it is', () => {
  const lines = parseDiff('@@ -3,2 +3,3 @@\n user a\n-topic read x\n+topic read y\n+\n');
  expect(lines.map(({ kind, text }) => [kind, text])).toEqual([
    ['place', 'From line 3'],
    ['same', 'user a'],
    ['removed', 'topic read x'],
    ['added', 'topic read y'],
    ['added', ''],
  ]);
  expect(countChanges(lines)).toEqual({ added: 2, removed: 1 });
});

it('shows what stands for too long a diff as a sentence', () => {
  const [line] = parseDiff('@@ more than 400 lines differ, from line 12 on: 900 before, 950 now @@\n');
  expect(line).toMatchObject({
    kind: 'place',
    text: 'more than 400 lines differ, from line 12 on: 900 before, 950 now',
  });
});
