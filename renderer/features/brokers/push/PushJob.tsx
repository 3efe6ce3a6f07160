import { Button } from '@mantine/core';
import { IconFileDiff } from '@tabler/icons-react';
import type { Job } from '../../../../shared/model/job.ts';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { useIntoView } from '../../../ui/use-into-view.ts';
import { asksForPlan } from '../use-push.ts';
import { ProbeReportView } from './ProbeReportView.tsx';
import classes from './PushJob.module.css';

/** A push, or the end of one that was cut off: its steps as they happen, then what every listener answered. */
export function PushJob({ job, onDismiss, onPlan }: { job: Job; onDismiss: () => void; onPlan: () => void }) {
  const element = useIntoView<HTMLDivElement>();
  const done =
    job.kind === 'recover' ? 'Ended: the push that was cut off is no longer open' : 'Pushed, probed and in force';
  return (
    <div ref={element} className={classes.job}>
      <JobSteps job={job} done={done} onDismiss={onDismiss}>
        {job.error && asksForPlan(job.error.code) && (
          <div>
            <Button variant="filled" leftSection={<IconFileDiff size={18} aria-hidden />} onClick={onPlan}>
              Look at what stands there
            </Button>
          </div>
        )}
        {job.probes.map((report) => (
          <ProbeReportView key={report.after} report={report} />
        ))}
      </JobSteps>
    </div>
  );
}
