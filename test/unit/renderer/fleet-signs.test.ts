import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { rankedRows, rollUp } from '../../../renderer/features/fleet/filter.ts';
import { isAbnormal, problemSigns, stateSign, stateSigns, toneOf } from '../../../renderer/features/fleet/signs.ts';
import { SignBadge } from '../../../renderer/ui/StatusBadge.tsx';
import { type FleetPlant, plantFleetStates, plantProblemKinds } from '../../../shared/model/fleet.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const days = (count: number) => new Date(now + count * 86_400_000).toISOString();

const plantOf = (name: string, change: Partial<FleetPlant> = {}): FleetPlant => ({
  plantId: plantIdSchema.parse(
    `0f5c8a9e-4b1d-4c6a-9d2e-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`,
  ),
  name,
  site: null,
  status: 'ACTIVE',
  authMethod: 'MTLS',
  state: 'online',
  connected: 'unknown',
  lastSeenAt: null,
  staleAfterSeconds: 300,
  refusedAt: null,
  rate: 0,
  lastTopics: [],
  brokerId: null,
  credentialExpiresAt: null,
  unchecked: 0,
  problems: [],
  ...change,
});
const problem = (kind: (typeof plantProblemKinds)[number]) => ({ kind, count: 1, lastAt: days(0), words: null });

describe('a plant', () => {
  it.each([
    ['online', 'normal', 'Online'],
    ['stale', 'attention', 'Stale'],
    ['offline', 'fault', 'Offline'],
    ['never-seen', 'off', 'Never seen'],
    ['refused', 'fault', 'Refused'],
  ] as const)('that is %s has a symbol and a word of its own', (state, tone, word) => {
    const sign = stateSign({ state, status: 'ACTIVE' });
    expect(sign).toMatchObject({ tone, word });
    const badge = renderToStaticMarkup(createElement(SignBadge, { sign }));
    expect(badge).toMatch(new RegExp(`data-tone="${tone}".*<svg.*<span>${word}</span>`));
  });

  it('is told by its symbol and by its word alone', () => {
    for (const signs of [stateSigns, problemSigns].map((all) => Object.values(all))) {
      expect(new Set(signs.map(({ icon }) => icon)).size).toBe(signs.length);
      expect(new Set(signs.map(({ word }) => word)).size).toBe(signs.length);
    }
    expect(Object.keys(stateSigns).sort()).toEqual([...plantFleetStates].sort());
  });

  it('that is as it should be has no colour: also one that is revoked and away', () => {
    const normal = [
      plantOf('heard', { credentialExpiresAt: days(300) }),
      plantOf('new', { state: 'never-seen' }),
      plantOf('gone', { status: 'REVOKED', state: 'refused', credentialExpiresAt: days(-1) }),
    ];
    expect(normal.map((plant) => isAbnormal(toneOf(plant, now)))).toEqual([false, false, false]);
  });

  it.each(plantProblemKinds)('that is online has a colour all the same with the problem %s', (kind) => {
    expect(isAbnormal(toneOf(plantOf('heard', { problems: [problem(kind)] }), now))).toBe(true);
  });

  it('shows when its credential ends soon, and worse when it has ended', () => {
    const tones = [40, 3, -1].map((end) => toneOf(plantOf('heard', { credentialExpiresAt: days(end) }), now));
    expect(tones).toEqual(['normal', 'attention', 'fault']);
  });
});

it('a site is as its worst plant is, and the worst site comes first', () => {
  const rows = rankedRows(
    [
      plantOf('Press 1', { site: 'North' }),
      plantOf('Press 2', { site: 'North', state: 'stale' }),
      plantOf('Kiln', { site: 'South', problems: [problem('bad-signature')] }),
      plantOf('Mixer', { site: 'South', state: 'never-seen' }),
      plantOf('Spare'),
    ],
    now,
  );
  expect(rows.map(({ plant }) => plant.name)).toEqual(['Kiln', 'Press 2', 'Press 1', 'Spare', 'Mixer']);
  expect(rollUp(rows)).toEqual([
    { site: 'South', total: 2, online: 1, abnormal: 1, tone: 'fault' },
    { site: 'North', total: 2, online: 1, abnormal: 1, tone: 'attention' },
    { site: '', total: 1, online: 1, abnormal: 0, tone: 'normal' },
  ]);
});

it('is ranked alike whatever the ranking before was, also of plants that came, went and changed', () => {
  const early = ['Press 1', 'Press 2', 'Kiln', 'Gone'].map((name) => plantOf(name));
  const late = [
    plantOf('Spare'),
    plantOf('Press 2', { state: 'refused' }),
    plantOf('Kiln', { site: 'South' }),
    plantOf('Press 1'),
  ];
  const rows = rankedRows(late, now, rankedRows(early, now));
  expect(rows).toEqual(rankedRows(late, now));
  expect(rows.map(({ plant }) => plant.name)).toEqual(['Press 2', 'Kiln', 'Press 1', 'Spare']);
});
