import { IconAlertTriangle, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import type { Authority } from '../../../shared/model/certificate.ts';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { span, useNow } from '../../ui/time.ts';
import classes from './CrlClock.module.css';

/** Below this part of its life left, a CRL asks for a push. */
const lowPart = 0.25;

/** What of a CRL's life is left: 1 when it was just issued, 0 when brokers begin to refuse every plant. */
export function crlLife({ thisUpdate, nextUpdate }: Authority['crl'], now: number): number {
  const [from, until] = [Date.parse(thisUpdate), Date.parse(nextUpdate)];
  return Math.min(1, Math.max(0, (until - now) / Math.max(1, until - from)));
}

export const crlTone = (life: number): 'normal' | 'attention' | 'fault' =>
  life <= 0 ? 'fault' : life < lowPart ? 'attention' : 'normal';

/** The outage clock: when the CRL ends, Mosquitto refuses every certificate, so its age is worth a bar. */
export function CrlClock({ crl }: { crl: Authority['crl'] }) {
  const now = useNow(30_000);
  const life = crlLife(crl, now);
  const tone = crlTone(life);
  const left = span(Date.parse(crl.nextUpdate) - now);
  return (
    <div className={classes.clock}>
      <div className={classes.head}>
        <span>Outage clock</span>
        {tone === 'fault' ? (
          <StatusBadge tone="fault" icon={IconAlertTriangle}>
            Out of date
          </StatusBadge>
        ) : tone === 'attention' ? (
          <StatusBadge tone="attention" icon={IconClockExclamation}>
            {left} left
          </StatusBadge>
        ) : (
          <StatusBadge tone="normal" icon={IconCircleCheck}>
            {left} left
          </StatusBadge>
        )}
      </div>
      <meter className="visually-hidden" aria-label="Time left until nextUpdate" min={0} max={1} value={life} />
      <div className={classes.bar} aria-hidden>
        <div className={classes.left} data-tone={tone} style={{ width: `${life * 100}%` }} />
      </div>
      <p className={classes.why}>
        A broker that holds this list refuses every certificate after nextUpdate. A push brings it a fresh one.
      </p>
    </div>
  );
}
