import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { PushPlan } from '../../../../shared/model/broker.ts';
import classes from './KeptEntries.module.css';

/** Broker files may hold thousands of somebody else's entries. */
const shownAtMost = 200;

/** What of somebody else stays in the broker's files. */
export function KeptEntries({ kept }: { kept: PushPlan['kept'] }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  // One sentence may stand for several lines of a file.
  const entries = [...new Map(kept.map(({ file, entry }) => [`${file}/${entry}`, { file, entry }]))];
  return (
    <div className={classes.kept}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Sign size={22} aria-hidden />
        {entries.length === 1
          ? "1 entry of somebody else's stays"
          : `${entries.length} entries of somebody else's stay`}
      </button>
      {isOpen && (
        <ul id={id} className={classes.entries}>
          {entries.slice(0, shownAtMost).map(([key, { file, entry }]) => (
            <li key={key}>
              <span className="mono">{file}</span>: {entry}
            </li>
          ))}
          {entries.length > shownAtMost && <li>and {entries.length - shownAtMost} more</li>}
        </ul>
      )}
    </div>
  );
}
