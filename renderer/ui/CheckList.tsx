import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './CheckList.module.css';

export type Check = {
  readonly id: string;
  readonly name: string;
  /** skipped: one before it was refused. */
  readonly verdict: 'ok' | 'attention' | 'refused' | 'skipped';
  readonly sentence: string;
  /** What can be done about it. */
  readonly action?: ReactNode;
};

const symbols = {
  ok: <IconCircleCheck size={24} aria-label="Good" />,
  attention: <IconAlertTriangle size={24} aria-label="Attention" />,
  refused: <IconCircleX size={24} aria-label="Refused" />,
  skipped: <IconCircleDashed size={24} aria-label="Not looked at" />,
} as const;

/** What was looked at, one a line, each with its verdict in words. */
export function CheckList({ label, checks }: { label: string; checks: readonly Check[] }) {
  return (
    <ul className={classes.checks} aria-label={label}>
      {checks.map(({ id, name, verdict, sentence, action }) => (
        <li key={id} className={classes.check} data-verdict={verdict}>
          {symbols[verdict]}
          <span className={classes.name}>{name}</span>
          <span className={classes.sentence}>{sentence}</span>
          {action}
        </li>
      ))}
    </ul>
  );
}
