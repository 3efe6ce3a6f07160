import type { ReactNode } from 'react';
import type { Campaign } from '../../../../shared/model/campaign.ts';
import classes from './CampaignProgress.module.css';
import { type Tally, tallyOf } from './words.ts';

type Part = Exclude<keyof Tally, 'total'>;

/** In the order in which the bar shows them; what waits is its empty end. */
const parts: readonly { readonly of: Part; readonly word: string }[] = [
  { of: 'done', word: 'done' },
  { of: 'failed', word: 'failed' },
  { of: 'skipped', word: 'skipped' },
  { of: 'underWay', word: 'under way' },
  { of: 'waiting', word: 'left' },
];

/** How far a campaign came, as a bar and in numbers; beside them what can be done. */
export function CampaignProgress({ campaign, children }: { campaign: Campaign; children?: ReactNode }) {
  const tally = tallyOf(campaign);
  const shown = parts.filter(({ of }) => tally[of] > 0 || of === 'done');
  const ended = tally.done + tally.failed + tally.skipped;
  return (
    <div>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={`Progress of ${campaign.name}`}
        aria-valuemin={0}
        aria-valuemax={tally.total}
        aria-valuenow={ended}
        aria-valuetext={`${ended} of ${tally.total} ended`}
      >
        {shown
          .filter(({ of }) => tally[of] > 0)
          .map(({ of }) => (
            <span key={of} className={classes.part} data-of={of} style={{ flexGrow: tally[of] }} />
          ))}
      </div>
      <div className={classes.foot}>
        <ul className={classes.legend} aria-label={`Plants of ${campaign.name}`}>
          {shown.map(({ of, word }) => (
            <li key={of} className={classes.entry} data-of={of}>
              <span className={classes.key} data-of={of} aria-hidden />
              {of === 'done' ? `${tally.done} of ${tally.total} done` : `${tally[of]} ${word}`}
            </li>
          ))}
        </ul>
        {children}
      </div>
    </div>
  );
}
