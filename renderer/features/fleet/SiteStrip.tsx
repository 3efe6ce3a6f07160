import { IconAlertOctagon, IconAlertTriangle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { Tone } from '../../ui/StatusBadge.tsx';
import classes from './Fleet.module.css';
import type { SiteSummary } from './filter.ts';

const siteIcons: Record<Tone, typeof IconCircleCheck> = {
  fault: IconAlertOctagon,
  attention: IconAlertTriangle,
  working: IconCircleCheck,
  normal: IconCircleCheck,
  off: IconCircleDashed,
};

/** Each site with the worst that one of its plants has; pressed, only its plants are shown. */
export function SiteStrip({
  sites,
  chosen,
  onChoose,
}: {
  sites: readonly SiteSummary[];
  chosen: string | null;
  onChoose: (site: string | null) => void;
}) {
  return (
    <section className={classes.sites} aria-label="Sites">
      {sites.map(({ site, total, online, abnormal, tone }) => {
        const Sign = siteIcons[tone];
        return (
          <button
            key={site}
            type="button"
            className={classes.site}
            data-tone={tone}
            aria-pressed={site === chosen}
            onClick={() => onChoose(site === chosen ? null : site)}
          >
            <Sign size={22} aria-hidden className={classes.sign} />
            <span className={classes.text}>
              <span className={classes.siteName}>{site || 'No site'}</span>
              <span className={classes.dim}>
                {online} of {total} online{abnormal > 0 && ` · ${abnormal} to look at`}
              </span>
            </span>
          </button>
        );
      })}
    </section>
  );
}
