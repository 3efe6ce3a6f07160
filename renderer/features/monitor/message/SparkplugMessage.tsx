import type { Reading } from '../../../../shared/model/payload/json.ts';
import type { SparkplugPayload } from '../../../../shared/model/payload/sparkplug-payload.ts';
import type { SparkplugTopic } from '../../../../shared/model/payload/sparkplug-topic.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { keyed } from './keyed.ts';
import classes from './Message.module.css';
import { Facts } from './VokeMessageView.tsx';

const most = 500;

/** A Sparkplug B message with its metrics; `payload` is null for a host's state, which is JSON. */
export function SparkplugMessage({
  topic,
  payload,
}: {
  topic: SparkplugTopic;
  payload: Reading<SparkplugPayload> | null;
}) {
  const { type, ...place } = topic;
  return (
    <section className={classes.protocol} aria-label="Sparkplug B">
      <h3>Sparkplug B {type}</h3>
      <Facts facts={place} />
      {payload && !payload.ok && <p className={classes.mismatch}>{payload.reason}</p>}
      {payload?.ok && <Metrics payload={payload.value} />}
    </section>
  );
}

function Metrics({ payload: { seq, metrics } }: { payload: SparkplugPayload }) {
  return (
    <>
      {seq !== null && <Facts facts={{ Sequence: String(seq) }} />}
      <ul className={classes.devices}>
        {keyed(metrics.slice(0, most), ({ name, alias }) => name ?? `alias ${alias ?? '?'}`).map(
          ({ key, entry: { name, alias, datatype, value } }) => (
            <li key={key}>
              <strong>{visibleText(name ?? `alias ${alias ?? '?'}`)}</strong>{' '}
              {datatype && <span className={classes.kind}>{datatype}</span>}
              <span className={classes.reading}>
                <b>{value === null ? 'null' : visibleText(String(value))}</b>
              </span>
            </li>
          ),
        )}
      </ul>
      {metrics.length > most && <p className={classes.hidden}>{metrics.length - most} more metrics are not shown.</p>}
    </>
  );
}
