import type { ReactNode } from 'react';
import { SignBadge, type StatusSign } from '../../ui/StatusBadge.tsx';
import classes from './StateList.module.css';

/** What follows one another, such as keys or authorities: newest first, each with its state. */
export function StateList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}

/** `name` is what it is known by, and can be copied with `copy`; the children are facts about it. */
export function StateRow({
  sign,
  name,
  copy,
  children,
}: {
  sign: StatusSign;
  name: string;
  copy?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={classes.row} data-tone={sign.tone}>
      <SignBadge sign={sign} />
      <span className={classes.name}>{name}</span>
      {copy}
      <span className={classes.facts}>{children}</span>
    </li>
  );
}
