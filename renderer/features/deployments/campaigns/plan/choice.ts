// What the planner's first step holds while it is filled in: all ways of choosing at once, so that none is lost by a look
// at another.

import { type CampaignSelection, campaignSelectionSchema } from '../../../../../shared/model/campaign.ts';
import type { PlantId } from '../../../../../shared/model/plant.ts';

export type Choice = {
  readonly kind: CampaignSelection['kind'];
  readonly days: number | string;
  readonly site: string | null;
  readonly plantIds: readonly PlantId[];
};

export function choiceOf(suggested: CampaignSelection | null): Choice {
  const empty: Choice = { kind: 'expiring', days: 30, site: null, plantIds: [] };
  return suggested === null ? empty : { ...empty, ...suggested };
}

/** Null while it is not complete. */
export const selectionOf = (choice: Choice): CampaignSelection | null =>
  campaignSelectionSchema.safeParse(choice).data ?? null;

export function choiceWords({ kind, days, site, plantIds }: Choice): string {
  switch (kind) {
    case 'expiring':
      return `Certificates that end within ${days} days`;
    case 'site':
      return `Site ${site ?? ''}`;
    case 'plants':
      return `${plantIds.length} chosen by hand`;
  }
}
