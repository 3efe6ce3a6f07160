import type { FleetPlant, PlantFleetState } from '../../../shared/model/fleet.ts';
import type { Tone } from '../../ui/StatusBadge.tsx';
import { isAbnormal, toneOf, tonesFromWorst, worstOf } from './signs.ts';

export type FleetFilter = {
  readonly query: string;
  /** Empty: of plants without a site; null: all. */
  readonly site: string | null;
  readonly show: PlantFleetState | 'all' | 'abnormal';
};
export const noFilter: FleetFilter = { query: '', site: null, show: 'all' };

/** A plant with the worst that is known of it. */
export type FleetRow = { readonly plant: FleetPlant; readonly tone: Tone };

export type SiteSummary = {
  /** Empty for plants without one. */
  readonly site: string;
  readonly total: number;
  readonly online: number;
  readonly abnormal: number;
  readonly tone: Tone;
};

const { compare } = new Intl.Collator('en', { numeric: true });
const stateOrder: Record<PlantFleetState, number> = { refused: 0, offline: 1, stale: 2, online: 3, 'never-seen': 4 };

/**
 * The worst first, then by name. `before`: as they were ranked last. Little of that changes in a second, and thousands
 * that stand in their order already are sorted in a fifth of the time.
 */
export function rankedRows(plants: readonly FleetPlant[], now: number, before: readonly FleetRow[] = []): FleetRow[] {
  const unplaced = new Map(plants.map((plant) => [plant.plantId, plant]));
  const placed = before.flatMap(({ plant: { plantId } }) => {
    const plant = unplaced.get(plantId);
    unplaced.delete(plantId);
    return plant ? [plant] : [];
  });
  return [...placed, ...unplaced.values()]
    .map((plant) => ({ plant, tone: toneOf(plant, now) }))
    .sort(
      (a, b) =>
        tonesFromWorst.indexOf(a.tone) - tonesFromWorst.indexOf(b.tone) ||
        stateOrder[a.plant.state] - stateOrder[b.plant.state] ||
        compare(a.plant.name, b.plant.name),
    );
}

export function fitting(rows: readonly FleetRow[], { query, site, show }: FleetFilter): FleetRow[] {
  const wanted = query.trim().toLowerCase();
  return rows.filter(
    ({ plant, tone }) =>
      (show === 'all' || (show === 'abnormal' ? isAbnormal(tone) : plant.state === show)) &&
      (site === null || (plant.site ?? '') === site) &&
      [plant.name, plant.site ?? '', plant.plantId].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** Of every site, the worst first. */
export function rollUp(rows: readonly FleetRow[]): SiteSummary[] {
  const sites = Map.groupBy(rows, ({ plant }) => plant.site ?? '');
  return [...sites]
    .map(([site, own]) => ({
      site,
      total: own.length,
      online: own.filter(({ plant }) => plant.state === 'online').length,
      abnormal: own.filter(({ tone }) => isAbnormal(tone)).length,
      tone: worstOf(own.map(({ tone }) => tone)),
    }))
    .sort((a, b) => tonesFromWorst.indexOf(a.tone) - tonesFromWorst.indexOf(b.tone) || compare(a.site, b.site));
}
