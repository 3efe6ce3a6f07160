import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { DiffView } from './DiffView.tsx';
import classes from './FileChange.module.css';

/** A file that differs: its name, what kind of difference, and the difference itself behind it. */
export function FileChange({
  file,
  sign,
  note,
  diff,
  isOpenAtFirst,
}: {
  file: string;
  sign: ReactNode;
  note: string;
  /** Null where it cannot be told; empty where there is nothing to show. */
  diff: string | null;
  isOpenAtFirst: boolean;
}) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const id = useId();
  const words = (
    <>
      <span className={classes.file}>{file}</span>
      {sign}
      <span className={classes.note}>{note}</span>
    </>
  );
  if (!diff) {
    return (
      <li className={classes.change}>
        <div className={classes.head}>
          <span className={classes.chevron} />
          {words}
        </div>
      </li>
    );
  }
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.change}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Sign size={22} aria-hidden className={classes.chevron} />
        {words}
      </button>
      {isOpen && (
        <div id={id} className={classes.body}>
          <DiffView diff={diff} label={`Changes in ${file}`} />
        </div>
      )}
    </li>
  );
}

/** The list that file changes stand in. */
export function FileChanges({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}
