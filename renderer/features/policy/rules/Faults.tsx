import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { NoJson, nodeAt, parseJsonText, placeAt } from '../../../../shared/model/json/json-text.ts';
import type { PolicyFindings } from '../../../../shared/model/policy-version.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { Notice } from '../../../ui/Notice.tsx';
import classes from '../Policy.module.css';
import { placeOfField } from '../rule-rows.ts';

/** More mistakes than this are counted and not listed. */
const maxShown = 5;

/** What must be corrected before the rules can be saved, each with its place. */
export function Faults({ findings, text }: { findings: PolicyFindings | null; text: string }) {
  const showPlace = useStore(useConsole().policy, (store) => store.showPlace);
  const faults = findings?.faults ?? [];
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
            <Button
              onClick={() => {
                navigate(href('policy', 'rules', 'json'));
                showPlace(offsetOf(text, field));
              }}
            >
              Line {placeAt(text, offsetOf(text, field)).line}
            </Button>
          </li>
        ))}
      </ul>
      {faults.length > maxShown && <div>and {faults.length - maxShown} more</div>}
    </Notice>
  );
}

/** Where in the text the part at a dotted path stands, or where the text ceases to be JSON. */
function offsetOf(text: string, field: string): number {
  try {
    return nodeAt(parseJsonText(text), field.split('.')).start;
  } catch (error) {
    return error instanceof NoJson ? error.offset : 0;
  }
}
