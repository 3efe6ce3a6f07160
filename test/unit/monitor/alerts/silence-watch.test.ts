import { expect, test } from 'vitest';
import { judgeSilence } from '../../../../electron/monitor/alerts/silence-watch.ts';
import type { ConditionOf } from '../../../../shared/model/alert.ts';
import { plantId } from '../../../support/vault-rows.ts';

const a = { plantId: plantId('a'), name: 'Pump A', site: 'Brno' };
const b = { plantId: plantId('b'), name: 'Pump B', site: null };

function judge(
  now: number,
  {
    scope = { kind: 'all' } as ConditionOf<'silent'>['scope'],
    since = 0 as number | null,
    heard = {} as Record<string, number>,
    open = [] as string[],
  } = {},
) {
  const rule = {
    ruleId: 'r',
    condition: { kind: 'silent' as const, scope, seconds: 60 },
    listeningSince: () => since ?? undefined,
    heardAt: (id: string) => heard[id],
  };
  return judgeSilence(rule, [a, b], (id) => open.includes(id), now).map(
    ({ type, subject }) => `${type} ${subject === a.plantId ? 'a' : 'b'}`,
  );
}

test('a plant is silent from its last word, or from when somebody began to listen', () => {
  expect(judge(60_000)).toEqual([]);
  expect(judge(60_001)).toEqual(['raise a', 'raise b']);
  expect(judge(60_001, { heard: { [a.plantId]: 30_000 } })).toEqual(['raise b']);
  expect(judge(90_001, { heard: { [a.plantId]: 30_000 }, open: [b.plantId] })).toEqual(['raise a']);
  expect(judge(1_000_000, { since: 990_000, heard: { [a.plantId]: 5 } })).toEqual([]);
});

test('nothing is raised while nobody listens', () => {
  expect(judge(1_000_000, { since: null, open: [a.plantId] })).toEqual([]);
});

test('only a word of the plant ends its silence', () => {
  const open = [a.plantId];
  expect(judge(100_000, { since: 90_000, open })).toEqual([]);
  expect(judge(100_000, { since: 90_000, heard: { [a.plantId]: 80_000 }, open })).toEqual([]);
  expect(judge(100_000, { since: 90_000, heard: { [a.plantId]: 95_000 }, open })).toEqual(['end a']);
});

test('a rule is about one plant, a site, or all', () => {
  expect(judge(99_000, { scope: { kind: 'plant', plantId: b.plantId } })).toEqual(['raise b']);
  expect(judge(99_000, { scope: { kind: 'site', site: 'Brno' } })).toEqual(['raise a']);
});
