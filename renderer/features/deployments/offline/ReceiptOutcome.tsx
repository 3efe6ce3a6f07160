import { Anchor } from '@mantine/core';
import { IconAlertOctagon, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ReceiptFacts } from '../../../../shared/model/offline.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import type { Failure } from '../../../failure.ts';
import { CheckList } from '../../../ui/CheckList.tsx';
import { FileTable } from '../../../ui/FileTable.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { dateTime } from '../../../ui/time.ts';
import classes from './ReceiptOutcome.module.css';
import { clockRemark, receiptChecks } from './receipt-checks.ts';

export type ReadReceipt = { readonly fileName: string; readonly key: string; readonly readAt: number } & (
  | { readonly facts: ReceiptFacts }
  | { readonly failure: Failure }
);

/** What one receipt told, or why it does not count; and all that was looked at. */
export function ReceiptOutcome({ outcome }: { outcome: ReadReceipt }) {
  const { fileName, readAt } = outcome;
  return (
    <section
      className={classes.outcome}
      aria-label={`Receipt ${fileName}`}
      data-refused={'failure' in outcome || undefined}
    >
      {'facts' in outcome ? (
        <Accepted facts={outcome.facts} readAt={readAt} />
      ) : (
        <Refused fileName={fileName} failure={outcome.failure} />
      )}
    </section>
  );
}

function Refused({ fileName, failure }: { fileName: string; failure: Failure }) {
  const checks = receiptChecks(failure);
  return (
    <>
      <div className={classes.head}>
        <IconAlertOctagon size={26} aria-hidden />
        <span>
          Does not count: <span className="mono">{fileName}</span>
        </span>
      </div>
      {checks.length > 0 ? (
        <CheckList label={`Checks of ${fileName}`} checks={checks} />
      ) : (
        <FailureNotice failure={failure} />
      )}
    </>
  );
}

const clockWords = { ahead: 'Ahead of this console', behind: 'Before the export' } as const;

function Accepted({ facts, readAt }: { facts: ReceiptFacts; readAt: number }) {
  const register = useStore(useConsole().plants, (plants) => readyValue(plants.register));
  const { bundle, deviceClock, userName, userId, files } = facts;
  const { plantId, directory, exportedAt, fileName } = bundle;
  const name = register?.items.find((plant) => plant.plantId === plantId)?.name ?? plantId;
  const remark = clockRemark({ deviceClock, exportedAt }, readAt);
  const checks = receiptChecks(null);
  return (
    <>
      <div className={classes.head}>
        <IconCircleCheck size={26} aria-hidden />
        <span>
          Installed on <Anchor href={href('plants', plantId, 'device')}>{name}</Anchor>
        </span>
      </div>
      <Facts>
        <Fact name="Directory">
          <span className="mono">{directory}</span>
        </Fact>
        <Fact name="Installed by">
          {userName} (uid {userId})
        </Fact>
        <Fact name="Device's clock">
          {dateTime(deviceClock)}{' '}
          {remark && (
            <StatusBadge tone="attention" icon={IconClockExclamation}>
              {clockWords[remark]}
            </StatusBadge>
          )}
        </Fact>
      </Facts>
      <div>
        The deployment is closed, and the secrets left the vault. Next the plant proves itself at the broker, or is
        marked as active on its Security tab.
      </div>
      <Fold title="Checks" summary={`all ${checks.length} passed`}>
        <CheckList label={`Checks of ${fileName}`} checks={checks} />
      </Fold>
      <Fold title="Files" summary={`${files.length}, as they were sent`}>
        <FileTable caption={`Files on ${name}`} files={files} />
      </Fold>
    </>
  );
}
