import { expect, it } from 'vitest';
import { compareKeyChecks } from '../../../renderer/features/deployments/offline/requests/key-check.ts';

const expected = '3f2a 91bc 0000 1111 2222 3333 4444 5555';

it('takes a key check in any spacing and case', () => {
  for (const typed of [expected, expected.replaceAll(' ', ''), ` ${expected.toUpperCase().replaceAll(' ', '-')} `]) {
    expect(compareKeyChecks(typed, expected)).toEqual({ result: 'same' });
  }
});

it('tells what is missing, and nothing else, until there is something to compare', () => {
  expect(compareKeyChecks('', expected)).toEqual({ result: 'incomplete', missing: 32 });
  expect(compareKeyChecks('ffff 91bc', expected)).toEqual({ result: 'incomplete', missing: 24 });
  expect(compareKeyChecks(expected.slice(0, -1), expected)).toEqual({ result: 'incomplete', missing: 1 });
});

it('tells where they differ, also beyond the end, and not what the other says', () => {
  const comparison = compareKeyChecks(`${expected.replace('91bc', '91bd')} 6`, expected);
  if (comparison.result !== 'different') throw new Error('they were taken for the same');
  expect(comparison.groups).toHaveLength(9);
  expect(comparison.groups.filter(({ differs }) => differs)).toEqual([
    { at: 4, typed: '91bd', differs: true },
    { at: 32, typed: '6', differs: true },
  ]);
  expect(JSON.stringify(comparison)).not.toContain('91bc');
});
