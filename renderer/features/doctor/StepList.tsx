import { Loader } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconChevronDown,
  IconChevronRight,
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
} from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { DoctorStep, DoctorStepState, Evidence } from '../../../shared/model/doctor.ts';
import classes from './Doctor.module.css';
import { stateWords, stepWords } from './words.ts';

function StepSymbol({ state }: { state: DoctorStepState }) {
  switch (state) {
    case 'waiting':
      return <IconCircle size={24} aria-hidden />;
    case 'running':
      return <Loader size={22} aria-hidden />;
    case 'passed':
      return <IconCircleCheck size={24} aria-hidden />;
    case 'warned':
      return <IconAlertTriangle size={24} aria-hidden />;
    case 'failed':
      return <IconAlertOctagon size={24} aria-hidden />;
    case 'notReached':
      return <IconCircleDashed size={24} aria-hidden />;
    case 'notApplicable':
      return <IconCircleMinus size={24} aria-hidden />;
  }
}

/** The way of the connection from top to bottom, each step with its evidence behind it. */
export function StepList({ steps }: { steps: readonly DoctorStep[] }) {
  return (
    <ol className={classes.steps} aria-label="The way of the connection">
      {steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  );
}

function Step({ step: { name, state, summary, evidence } }: { step: DoctorStep }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  const hasEvidence = evidence.length > 0;
  return (
    <li className={classes.step} data-state={state}>
      <div className={classes.line}>
        <StepSymbol state={state} />
        <span className={classes.name}>{stepWords[name]}</span>
        <span className={classes.state}>{stateWords[state]}</span>
        <span className={classes.summary}>{summary}</span>
        {hasEvidence && (
          <button
            type="button"
            className={classes.unfold}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            Evidence
            <span className="visually-hidden"> of {stepWords[name]}</span>
            <Sign size={20} aria-hidden />
          </button>
        )}
      </div>
      {hasEvidence && (
        <dl id={id} className={classes.evidence} hidden={!isOpen}>
          {numbered(evidence).map(({ key, label, value }) => (
            <div key={key} className={classes.fact}>
              <dt>{label}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/** A log may say the same twice; what is there stays in its place. */
const numbered = (evidence: readonly Evidence[]) =>
  evidence.map((one, index) => ({ ...one, key: `${index} ${one.label}` }));
