// Plants that say nothing. Silence counts only while somebody listens: from when the console began to hear, or heard the
// plant last, whichever is later. So nothing is raised because the console itself was away.

import type { ConditionOf } from '../../../shared/model/alert.ts';
import type { AlertEvent } from './alert-event.ts';

export type SilenceRule = {
  readonly ruleId: string;
  readonly condition: ConditionOf<'silent'>;
  /** Since when it is listened to without a break, in milliseconds; undefined: nobody listens, so nothing is judged. */
  readonly listeningSince: (plantId: string) => number | undefined;
  /** When a plant was heard last where the rule listens. */
  readonly heardAt: (plantId: string) => number | undefined;
};

export type WatchedPlant = { readonly plantId: string; readonly name: string; readonly site: string | null };

/** What is to be raised or ended. `isOpen`: whether the alert stands already. */
export function judgeSilence(
  rule: SilenceRule,
  plants: readonly WatchedPlant[],
  isOpen: (plantId: string) => boolean,
  now: number,
): AlertEvent[] {
  const { ruleId, condition } = rule;
  const events: AlertEvent[] = [];
  for (const plant of plants) {
    const { plantId, name } = plant;
    if (!isMeant(condition, plant)) continue;
    const listeningSince = rule.listeningSince(plantId);
    if (listeningSince === undefined) continue;
    const heardAt = rule.heardAt(plantId);
    const since = Math.max(listeningSince, heardAt ?? listeningSince);
    const isSilent = now - since > condition.seconds * 1000;
    if (isSilent && !isOpen(plantId)) {
      const value = heardAt === undefined ? null : new Date(heardAt).toISOString();
      const what = `${name} is silent for more than ${condition.seconds} s`;
      events.push({ type: 'raise', ruleId, subject: plantId, plantId, what, value });
    }
    // Only a word of the plant itself ends its silence; that the console began to listen anew is none.
    if (!isSilent && heardAt !== undefined && heardAt >= listeningSince && isOpen(plantId)) {
      events.push({ type: 'end', ruleId, subject: plantId });
    }
  }
  return events;
}

function isMeant({ scope }: ConditionOf<'silent'>, { plantId, site }: WatchedPlant): boolean {
  switch (scope.kind) {
    case 'plant':
      return plantId === scope.plantId;
    case 'site':
      return site === scope.site;
    case 'all':
      return true;
  }
}
