import type { Expiry } from '../../../../shared/model/expiry.ts';
import classes from './ExpiryTimeline.module.css';
import { expiryWords } from './words.ts';

/** A certificate of two years, issued today, ends in the 25th. */
const months = 25;

type Month = { readonly key: string; readonly label: string; readonly isJanuary: boolean; readonly ending: Expiry[] };

/** The next two years, month by month, in the time of this machine. */
function monthsFrom(now: number, expiries: readonly Expiry[]): Month[] {
  const start = new Date(now);
  const list = Array.from({ length: months }, (_, index): Month => {
    const first = new Date(start.getFullYear(), start.getMonth() + index, 1);
    return {
      key: `${first.getFullYear()}-${first.getMonth()}`,
      label: first.toLocaleDateString('en', first.getMonth() === 0 ? { year: 'numeric' } : { month: 'narrow' }),
      isJanuary: first.getMonth() === 0,
      ending: [],
    };
  });
  const byKey = new Map(list.map((month) => [month.key, month]));
  for (const expiry of expiries) {
    const end = new Date(expiry.endsAt);
    byKey.get(`${end.getFullYear()}-${end.getMonth()}`)?.ending.push(expiry);
  }
  return list;
}

const described = (ending: readonly Expiry[]): string =>
  ending.length === 0 ? 'nothing ends' : ending.map(({ kind, name }) => `${expiryWords[kind]}: ${name}`).join('\n');

/** How much ends in each month of the next two years; what would stop somebody stands out. */
export function ExpiryTimeline({ expiries, now }: { expiries: readonly Expiry[]; now: number }) {
  const list = monthsFrom(now, expiries);
  const most = Math.max(1, ...list.map(({ ending }) => ending.length));
  return (
    <figure className={classes.figure} aria-label="What ends in the next two years, month by month">
      <div className={classes.timeline}>
        {list.map(({ key, label, isJanuary, ending }) => {
          const outages = ending.filter(({ isOutage }) => isOutage).length;
          return (
            <div key={key} className={classes.month} title={`${label}: ${described(ending.slice(0, 12))}`}>
              <span className={classes.count}>{ending.length > 0 ? ending.length : ''}</span>
              <span className={classes.track}>
                <span className={classes.bar} style={{ height: `${((ending.length - outages) / most) * 100}%` }} />
                <span className={classes.outage} style={{ height: `${(outages / most) * 100}%` }} />
              </span>
              <span className={classes.label} data-year={isJanuary || undefined}>
                {label}
              </span>
            </div>
          );
        })}
      </div>
      <figcaption className={classes.legend}>
        <span className={classes.outage} /> somebody loses their connection
        <span className={classes.bar} /> nobody does
      </figcaption>
    </figure>
  );
}
