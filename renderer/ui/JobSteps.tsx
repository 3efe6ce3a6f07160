import { Button, Loader, Progress } from '@mantine/core';
import { IconAlertOctagon, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Job, JobStep } from '../../shared/model/job.ts';
import classes from './JobSteps.module.css';
import { Notice } from './Notice.tsx';

const words = { waiting: 'waiting', running: 'under way', done: 'done', failed: 'failed' } as const;

function StepSymbol({ state }: { state: JobStep['state'] }) {
  switch (state) {
    case 'waiting':
      return <IconCircle size={22} aria-hidden />;
    case 'running':
      return <Loader size={20} aria-hidden />;
    case 'done':
      return <IconCircleCheck size={22} aria-hidden />;
    case 'failed':
      return <IconAlertOctagon size={22} aria-hidden />;
  }
}

const outcome = (job: Job, done: string): string =>
  job.state === 'running' ? `${Math.round(job.progress * 100)} % done` : job.state === 'succeeded' ? done : 'Failed';

/** A job step by step, live; its failure in words. `done` is what its success means; `children` what came of it. */
export function JobSteps({
  job,
  done,
  onDismiss,
  children,
}: {
  job: Job;
  done: string;
  onDismiss: () => void;
  children?: ReactNode;
}) {
  return (
    <div className={classes.job} aria-live="polite">
      <div className={classes.head}>
        <strong>{outcome(job, done)}</strong>
        {job.state !== 'running' && <Button onClick={onDismiss}>Close</Button>}
      </div>
      {job.state === 'running' && <Progress value={job.progress * 100} size="lg" aria-label="Progress" />}
      <ol className={classes.steps}>
        {job.steps.map((step) => (
          <li key={step.name} className={classes.step} data-state={step.state}>
            <StepSymbol state={step.state} />
            <span className={classes.name}>{step.name}</span>
            <span className={classes.state}>{words[step.state]}</span>
          </li>
        ))}
      </ol>
      {job.error && (
        <Notice tone="fault">
          {job.error.detail} <span className={classes.state}>{job.error.code}</span>
        </Notice>
      )}
      {children}
    </div>
  );
}
