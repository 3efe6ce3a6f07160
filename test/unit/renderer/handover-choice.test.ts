import { expect, test } from 'vitest';
import { allPlants, choiceToAsk, sitesOf } from '../../../renderer/features/handover/choice.ts';
import type { Plant } from '../../../shared/model/plant.ts';
import { plantId } from '../../support/vault-rows.ts';

const plantIds = [plantId('a')];

test.each([
  [allPlants, { kind: 'all' }],
  [{ kind: 'site', site: null, plantIds }, null],
  [
    { kind: 'site', site: 'Hall 1', plantIds },
    { kind: 'site', site: 'Hall 1' },
  ],
  [
    { kind: 'site', site: '', plantIds },
    { kind: 'site', site: null },
  ],
  [
    { kind: 'plants', site: 'Hall 1', plantIds },
    { kind: 'plants', plantIds },
  ],
  [{ kind: 'plants', site: 'Hall 1', plantIds: [] }, null],
] as const)('%j is asked as %j', (choice, asked) => {
  expect(choiceToAsk(choice)).toEqual(asked);
});

test('offers each site once, and plants without one where there are any', () => {
  const plants = (sites: readonly (string | null)[]) => sites.map((site) => ({ site })) as unknown as readonly Plant[];
  expect(sitesOf(plants(['Hall 2', 'Hall 1', 'Hall 2'])).map(({ value }) => value)).toEqual(['Hall 1', 'Hall 2']);
  expect(sitesOf(plants([null, 'Hall 1'])).at(-1)).toEqual({ value: '', label: 'Without a site' });
});
