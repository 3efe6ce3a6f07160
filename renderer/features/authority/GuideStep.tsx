import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './GuideStep.module.css';

export type StepState = 'done' | 'next' | 'later';

/** The steps of a guide, in order. `label` is what they lead through. */
export function GuideSteps({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className={classes.steps} aria-label={label}>
      {children}
    </ol>
  );
}

/** One step: what it does, or what it did. The next one stands out. */
export function GuideStep({
  number,
  state,
  title,
  children,
}: {
  number: number;
  state: StepState;
  title: string;
  children: ReactNode;
}) {
  return (
    <li className={classes.step} data-state={state} aria-current={state === 'next' ? 'step' : undefined}>
      <span className={classes.number} aria-hidden>
        {state === 'done' ? <IconCircleCheck size={26} /> : number}
      </span>
      <div className={classes.words}>
        <strong>
          {title}
          {state === 'done' && <span className={classes.done}> done</span>}
        </strong>
        <div className={classes.body}>{children}</div>
      </div>
    </li>
  );
}

/** What can be done in a step. */
export function GuideActions({ children }: { children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>;
}
