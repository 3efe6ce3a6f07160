// What rules need to hear, and what settings let a monitor hear.

import type { AlertRule } from '../../shared/model/alert.ts';
import { listenedFilters, type MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { allPlantsFilter } from '../../shared/model/topics.ts';
import { filterCoversFilter } from '../policy/filters.ts';

export type ListenSettings = Pick<MonitorSettings, 'identity' | 'filters' | 'includeSys'>;

/** Those in force that need somebody who listens. */
export const rulesAt = (rules: readonly AlertRule[], brokerId: string): AlertRule[] =>
  rules.filter(
    (rule) =>
      rule.isEnabled && rule.condition.kind !== 'refused' && (rule.brokerId === null || rule.brokerId === brokerId),
  );

/** Whether who hears all plants hears all that it is about. */
export const isOfPlants = ({ condition }: AlertRule): boolean =>
  condition.kind !== 'value' || filterCoversFilter(allPlantsFilter, condition.filter);

export const covers = (settings: ListenSettings, wanted: string): boolean =>
  listenedFilters(settings).some((filter) => filterCoversFilter(filter, wanted));

export const hearsAllPlants = (settings: ListenSettings): boolean =>
  settings.identity.kind === 'console' && covers(settings, allPlantsFilter);
