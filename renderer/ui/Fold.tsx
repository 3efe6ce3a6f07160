import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './Fold.module.css';

/**
 * What is seldom needed, behind one line. `summary` says what stands in there while it is folded.
 * `isForced` unfolds it for what must be seen, such as a field with an error.
 */
export function Fold({
  title,
  summary,
  isForced = false,
  children,
}: {
  title: string;
  summary?: ReactNode;
  isForced?: boolean;
  children: ReactNode;
}) {
  const [isUnfolded, setUnfolded] = useState(false);
  const id = useId();
  const isOpen = isUnfolded || isForced;
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.fold}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setUnfolded(!isOpen)}
      >
        <Sign size={22} aria-hidden className={classes.sign} />
        <span className={classes.title}>{title}</span>
        {!isOpen && summary && <span className={classes.summary}>{summary}</span>}
      </button>
      <div id={id} className={classes.body} hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}
