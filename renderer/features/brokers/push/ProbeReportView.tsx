import { IconAlertOctagon, IconCheck } from '@tabler/icons-react';
import type { ProbeReport, ProbeResult } from '../../../../shared/model/probe.ts';
import { listenerWords } from '../target-words.ts';
import classes from './ProbeReportView.module.css';
import { byListener, expectationOf, outcomeOf, reportHeadline, sentenceCase } from './probe-words.ts';

/** What every listener answered, each probe by its name. */
export function ProbeReportView({ report }: { report: ProbeReport }) {
  return (
    <section className={classes.report} aria-label={report.after === 'push' ? 'Probes' : 'Probes after undoing'}>
      <h4 className={classes.title}>{reportHeadline(report)}</h4>
      <div className={classes.listeners}>
        {byListener(report).map(({ listener, port, results, failedCount }) => (
          <section key={`${listener}:${port}`} className={classes.listener} data-failed={failedCount > 0 || undefined}>
            <h5 className={classes.name}>
              {listenerWords[listener]} <span className={classes.port}>port {port}</span>
            </h5>
            <ul className={classes.probes}>
              {results.map((result) => (
                <Probe key={`${result.name}/${result.expected}`} result={result} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

function Probe({ result }: { result: ProbeResult }) {
  const { name, ok, reason } = result;
  return (
    <li className={classes.probe} data-ok={ok}>
      {ok ? <IconCheck size={20} aria-label="as it must" /> : <IconAlertOctagon size={20} aria-label="otherwise" />}
      <span className={classes.words}>
        <span>{sentenceCase(name)}</span>
        {ok ? (
          <span className={classes.answer}>{outcomeOf(result)}</span>
        ) : (
          <strong>
            must be: {expectationOf(result)}. Was: {outcomeOf(result)}
            {reason && ` (${reason})`}
          </strong>
        )}
      </span>
    </li>
  );
}
