import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconClockExclamation, IconRefresh } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { type Authority, type CrlState, crlStateAt } from '../../../shared/model/certificate.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { span, useNow } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import classes from './CrlClock.module.css';

type CrlLife = Pick<Authority['crl'], 'thisUpdate' | 'nextUpdate'>;

const tones = { fresh: 'normal', 'renew-soon': 'attention', expired: 'fault' } as const satisfies Record<
  CrlState,
  string
>;
const signs = { fresh: IconCircleCheck, 'renew-soon': IconClockExclamation, expired: IconAlertTriangle } as const;

/** How a CRL stands at `now` (Unix ms): it asks for attention from half of its life on. */
export const crlTone = (crl: CrlLife, now: number) => tones[crlStateAt(crl, new Date(now))];

/** What of a CRL's life is left, as a bar: full when it was just issued. */
export function CrlBar({ crl, now }: { crl: CrlLife; now: number }) {
  const [from, until] = [Date.parse(crl.thisUpdate), Date.parse(crl.nextUpdate)];
  const left = Math.min(1, Math.max(0, (until - now) / Math.max(1, until - from)));
  return (
    <>
      <meter className="visually-hidden" aria-label="Time left until nextUpdate" min={0} max={1} value={left} />
      <div className={classes.bar} aria-hidden>
        <div className={classes.left} data-tone={crlTone(crl, now)} style={{ width: `${left * 100}%` }} />
      </div>
    </>
  );
}

/** The outage clock: when the CRL ends, Mosquitto refuses every certificate, so its age is worth a bar. */
export function CrlClock({ crl }: { crl: Authority['crl'] }) {
  const now = useNow(30_000);
  const state = crlStateAt(crl, new Date(now));
  return (
    <div>
      <div className={classes.head}>
        <span>Outage clock</span>
        <StatusBadge tone={tones[state]} icon={signs[state]}>
          {state === 'expired' ? 'Out of date' : `${span(Date.parse(crl.nextUpdate) - now)} left`}
        </StatusBadge>
      </div>
      <CrlBar crl={crl} now={now} />
      <p className={classes.why}>
        A broker that holds this list refuses every certificate after nextUpdate. Renew it from half of its life on, and
        push it to every broker.
      </p>
    </div>
  );
}

/** Publishes the CRL anew; the brokers get it with their next push. */
export function RenewCrl() {
  const { renewCrl } = useStore(useConsole().authority);
  const renewing = useAction();
  return (
    <>
      {renewing.failure && <FailureNotice failure={renewing.failure} />}
      <Button
        leftSection={<IconRefresh size={18} aria-hidden />}
        loading={renewing.isBusy}
        onClick={() => void renewing.run(renewCrl)}
      >
        Renew
      </Button>
    </>
  );
}
