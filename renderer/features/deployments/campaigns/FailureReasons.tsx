import classes from './FailureReasons.module.css';
import type { FailureReason } from './failure-reasons.ts';

/** Each reason whole and with its number; pressed, it narrows the table to its plants. */
export function FailureReasons({
  reasons,
  chosen,
  onChoose,
}: {
  reasons: readonly FailureReason[];
  chosen: string | null;
  onChoose: (code: string | null) => void;
}) {
  return (
    <ul className={classes.list} aria-label="Why they failed">
      {reasons.map(({ code, count, sentence }) => (
        <li key={code}>
          <button
            type="button"
            className={classes.reason}
            aria-pressed={chosen === code}
            title={code}
            onClick={() => onChoose(chosen === code ? null : code)}
          >
            <span className={classes.count}>{count}</span>
            <span className={classes.sentence}>{sentence}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
