import { Anchor } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ReceiptFacts } from '../../../../shared/model/offline.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { FileTable } from '../../../ui/FileTable.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';
import { dateTime } from '../../../ui/time.ts';
import classes from './ReceiptOutcome.module.css';
import type { ReadReceipt } from './ReceiptPanel.tsx';

/** What one receipt told, or why it does not count. */
export function ReceiptOutcome({ outcome }: { outcome: ReadReceipt }) {
  return (
    <section className={classes.outcome} aria-label={`Receipt ${outcome.fileName}`}>
      {'facts' in outcome ? (
        <Told facts={outcome.facts} />
      ) : (
        <>
          <strong className="mono">{outcome.fileName}</strong>
          <FailureNotice failure={outcome.failure} />
        </>
      )}
    </section>
  );
}

function Told({ facts: { bundle, deviceClock, userName, userId, files } }: { facts: ReceiptFacts }) {
  const register = useStore(useConsole().plants, (plants) => readyValue(plants.register));
  const { plantId, directory } = bundle;
  const name = register?.items.find((plant) => plant.plantId === plantId)?.name ?? plantId;
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
        <Fact name="By">
          {userName} (uid {userId})
        </Fact>
        <Fact name="Device's clock">{dateTime(deviceClock)}</Fact>
      </Facts>
      <Fold title="Files" summary={`${files.length}, as they were sent`}>
        <FileTable caption={`Files on ${name}`} files={files} />
      </Fold>
    </>
  );
}
