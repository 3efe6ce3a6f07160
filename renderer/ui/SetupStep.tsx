import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './SetupStep.module.css';

/**
 * One step of setting something up: folded into a line when it is done, unfolded when its turn has come or when the
 * operator wants to change it. `summary` is what the line says.
 */
export function SetupStep({
  number,
  title,
  isDone,
  isOpen,
  summary,
  onToggle,
  children,
}: {
  number: number;
  title: string;
  isDone: boolean;
  isOpen: boolean;
  summary: ReactNode;
  onToggle: () => void;
  children: ReactNode;
}) {
  return (
    <li className={classes.step} data-open={isOpen || undefined} aria-label={title}>
      <div className={classes.head}>
        <span className={classes.number} data-done={isDone || undefined}>
          {isDone ? <IconCircleCheck size={28} aria-label="Done" /> : number}
        </span>
        <div className={classes.words}>
          <h3 className={classes.title}>{title}</h3>
          {!isOpen && <div className={classes.summary}>{summary}</div>}
        </div>
        {isDone && (
          <Button onClick={onToggle} aria-expanded={isOpen}>
            {isOpen ? 'Keep' : 'Change'}
            <span className="visually-hidden"> {title}</span>
          </Button>
        )}
      </div>
      {isOpen && <div className={classes.body}>{children}</div>}
    </li>
  );
}
