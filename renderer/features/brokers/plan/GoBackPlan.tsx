// What going back to an earlier configuration would change, decided on with everything in sight.

import { Button } from '@mantine/core';
import { IconHistory, IconRefresh, IconX } from '@tabler/icons-react';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { dateTime } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { useIntoView } from '../../../ui/use-into-view.ts';
import type { ShownGoingBack } from '../store.ts';
import { PlanChanges } from './PlanChanges.tsx';
import classes from './PlanView.module.css';

export function GoBackPlan({
  shown: { generation, plan },
  isBlocked,
  onCompare,
  onGoBack,
  onClose,
}: {
  shown: ShownGoingBack;
  /** Nothing may be pushed right now. */
  isBlocked: boolean;
  /** Makes the plan anew. */
  onCompare: () => void;
  onGoBack: () => Promise<unknown>;
  onClose: () => void;
}) {
  const section = useIntoView<HTMLElement>();
  const going = useAction();
  return (
    <section ref={section} className={classes.plan} aria-label="What going back would change">
      <div className={classes.head}>
        <h3 className={classes.title}>What going back to {dateTime(generation.writtenAt)} would change</h3>
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={onCompare}>
          Compare again
        </Button>
        <Button leftSection={<IconX size={18} aria-hidden />} onClick={onClose}>
          Close
        </Button>
      </div>
      <span>
        The broker is set up again as it was then: its settings, and what others wrote in its files until then; what
        they wrote since goes. Who may come in stays as it is today: nobody who was revoked since comes back. It is a
        push like any other: probed, and undone when a probe fails.
      </span>
      <SnapshotView snapshot={plan} onRetry={onCompare}>
        {(value) => (
          <>
            <PlanChanges plan={value} subject="Going back" restart={false} />
            {going.failure && <FailureNotice failure={going.failure} />}
            <div className={classes.foot}>
              <span className={classes.gap} />
              <Button
                variant="filled"
                leftSection={<IconHistory size={18} aria-hidden />}
                disabled={isBlocked}
                loading={going.isBusy}
                onClick={() => void going.run(onGoBack)}
              >
                Go back
              </Button>
            </div>
          </>
        )}
      </SnapshotView>
    </section>
  );
}
