import { IconAlertTriangle } from '@tabler/icons-react';
import type { Broker } from '../../../shared/model/broker.ts';
import { Fact, Facts } from '../../ui/Panel.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { ago, date, daysUntil, useNow } from '../../ui/time.ts';
import classes from './BrokerCard.module.css';
import { describeListeners, describeTarget, profileWords } from './target-words.ts';

/** Days before its end from which a broker's certificate asks for a push. */
const certificateEndsSoonDays = 30;

/** Where the broker is, what it runs, and what it has of the register. */
export function BrokerFacts({ broker }: { broker: Broker }) {
  const now = useNow(10_000);
  const { host, subjectAltNames, version, profile, lastPushedAt, crlNextUpdate } = broker;
  return (
    <div className={classes.facts}>
      <Facts>
        <Fact name="Address">
          <span className="mono">{[host, ...subjectAltNames.filter((name) => name !== host)].join(', ')}</span>
        </Fact>
        <Fact name="Listeners">
          <ul className={classes.listeners}>
            {describeListeners(broker).map(({ name, value }) => (
              <li key={name}>
                <span className="mono">{value}</span> <span className={classes.dim}>{name}</span>
              </li>
            ))}
          </ul>
        </Fact>
        {describeTarget(broker).map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
      <Facts>
        <Fact name="Version">{version ?? 'not known yet'}</Fact>
        <Fact name="Profile">{profileWords[profile]}</Fact>
        {profile === 'voke' && (
          <>
            <Fact name="Certificate ends">
              <CertificateEnd at={broker.certificateExpiresAt} now={now} />
            </Fact>
            <Fact name="CRL ends">{crlNextUpdate ? date(crlNextUpdate) : '—'}</Fact>
          </>
        )}
        <Fact name="Last push">{lastPushedAt ? ago(lastPushedAt, now) : 'never'}</Fact>
        <Fact name="Drift">{driftWords(broker)}</Fact>
      </Facts>
    </div>
  );
}

function CertificateEnd({ at, now }: { at: string | null; now: number }) {
  if (!at) return '—';
  if (daysUntil(at, now) > certificateEndsSoonDays) return date(at);
  return (
    <StatusBadge tone={daysUntil(at, now) > 0 ? 'attention' : 'fault'} icon={IconAlertTriangle}>
      {date(at)}
    </StatusBadge>
  );
}

function driftWords({ driftedFiles, lastPushedAt }: Broker): string {
  if (!lastPushedAt) return '—';
  if (!driftedFiles) return 'not known: nobody looked since';
  if (driftedFiles.length === 0) return 'none: as the last push left it';
  return driftedFiles.length === 1 ? '1 file' : `${driftedFiles.length} files`;
}
