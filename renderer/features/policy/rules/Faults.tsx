import { useMemo } from 'react';
import type { PolicyFindings } from '../../../../shared/model/policy-version.ts';
import { Notice } from '../../../ui/Notice.tsx';
import classes from '../Policy.module.css';
import { placeOfField } from '../rule-rows.ts';
import { placesIn, ShowLine } from './ShowLine.tsx';

/** More mistakes than this are counted and not listed. */
const maxShown = 5;

/** What must be corrected before the rules can be saved, each with its place. */
export function Faults({ findings, text }: { findings: PolicyFindings | null; text: string }) {
  const faults = findings?.faults ?? [];
  const placeOf = useMemo(() => placesIn(text), [text]);
  if (faults.length === 0) return null;
  return (
    <Notice tone="fault">
      <strong>
        {faults.length === 1 ? 'A mistake: ' : `${faults.length} mistakes: `}
        no rule counts before this is corrected.
      </strong>
      <ul className={classes.faults} aria-label="Mistakes">
        {faults.slice(0, maxShown).map(({ field, message }) => (
          <li key={`${field} ${message}`} className={classes.fault}>
            <span className={classes.words}>
              {placeOfField(field).words} {message}
            </span>
            <ShowLine text={text} offset={placeOf(field)} />
          </li>
        ))}
      </ul>
      {faults.length > maxShown && <div>and {faults.length - maxShown} more</div>}
    </Notice>
  );
}
