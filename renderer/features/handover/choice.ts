// What the operator has chosen so far, in every way at once, so that trying another way loses nothing.

import type { HandoverChoice } from '../../../shared/model/handover.ts';
import type { Plant, PlantId } from '../../../shared/model/plant.ts';

export type Choice = {
  readonly kind: HandoverChoice['kind'];
  /** Empty: plants without a site. null: none is chosen yet. */
  readonly site: string | null;
  readonly plantIds: readonly PlantId[];
};

export const allPlants: Choice = { kind: 'all', site: null, plantIds: [] };

/** As the core is asked; null while nothing is chosen. */
export function choiceToAsk({ kind, site, plantIds }: Choice): HandoverChoice | null {
  switch (kind) {
    case 'all':
      return { kind };
    case 'site':
      return site === null ? null : { kind, site: site === '' ? null : site };
    case 'plants':
      return plantIds.length === 0 ? null : { kind, plantIds: [...plantIds] };
  }
}

/** The sites that plants have, by name; at the end those without one, where there are any. */
export function sitesOf(plants: readonly Plant[]): { value: string; label: string }[] {
  const sites = [...new Set(plants.flatMap(({ site }) => site ?? []))].toSorted((a, b) => a.localeCompare(b));
  return [
    ...sites.map((site) => ({ value: site, label: site })),
    ...(plants.some(({ site }) => site === null) ? [{ value: '', label: 'Without a site' }] : []),
  ];
}
