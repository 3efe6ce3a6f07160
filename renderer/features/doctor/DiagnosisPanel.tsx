import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Diagnosis } from '../../../shared/model/doctor.ts';
import { useConsole } from '../../app/console-context.tsx';
import { copyForGood } from '../../ui/clipboard.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useIntoView } from '../../ui/use-into-view.ts';
import classes from './Doctor.module.css';
import { StepList } from './StepList.tsx';
import { Verdict } from './Verdict.tsx';
import { reportOf } from './words.ts';

/** What was found last, while it is found; nothing before. */
export function DiagnosisPanel() {
  const diagnosis = useStore(useConsole().doctor, (doctor) => doctor.diagnosis);
  // Begun and ended it comes into sight: by its end it has grown.
  return diagnosis && <Found key={`${diagnosis.diagnosisId} ${diagnosis.state}`} diagnosis={diagnosis} />;
}

function Found({ diagnosis }: { diagnosis: Diagnosis }) {
  const ref = useIntoView<HTMLDivElement>();
  const { subject, address, identity, state } = diagnosis;
  return (
    <div ref={ref}>
      <Panel title={subject} actions={state === 'finished' && <CopyReport diagnosis={diagnosis} />}>
        <span className={classes.whom}>
          To <span className="mono">{address}</span> as <span className="mono">{identity}</span>
        </span>
        <div aria-live="polite">
          <Verdict diagnosis={diagnosis} />
        </div>
        <StepList steps={diagnosis.steps} />
      </Panel>
    </div>
  );
}

function CopyReport({ diagnosis }: { diagnosis: Diagnosis }) {
  const [answer, setAnswer] = useState<'Copied' | 'Not allowed' | null>(null);
  const copy = async () => {
    setAnswer((await copyForGood(reportOf(diagnosis))) ? 'Copied' : 'Not allowed');
    window.setTimeout(() => setAnswer(null), 2500);
  };
  return (
    <Button
      leftSection={answer === 'Copied' ? <IconCheck size={20} aria-hidden /> : <IconCopy size={20} aria-hidden />}
      onClick={() => void copy()}
    >
      {answer ?? 'Copy report'}
    </Button>
  );
}
