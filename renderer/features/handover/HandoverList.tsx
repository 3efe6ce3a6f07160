import { Button, Group } from '@mantine/core';
import { IconDownload, IconSignature } from '@tabler/icons-react';
import type { Handover } from '../../../shared/model/handover.ts';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { dateTime } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { amount } from '../monitor/words.ts';
import classes from './Handover.module.css';
import { saveHandover } from './save-handover.ts';

/** Newest first; each can be saved again as it was given. */
export function HandoverList({ handovers }: { handovers: readonly Handover[] }) {
  if (handovers.length === 0) {
    return (
      <EmptyState icon={IconSignature} title="Nothing was handed over yet">
        Every record is kept here as it was given, and can be saved again unchanged.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.list} aria-label="Records that were made">
      {handovers.map((handover) => (
        <HandoverItem key={handover.number} handover={handover} />
      ))}
    </ul>
  );
}

function HandoverItem({ handover }: { handover: Handover }) {
  const { client } = useConsole();
  const { number, at, by, to, plants, recordingIds, sha256, auditSequence } = handover;
  const saving = useAction();
  const save = (withRecordings: boolean) => void saving.run(() => saveHandover(client, number, withRecordings));
  return (
    <li className={classes.item} aria-label={`Record ${number}`}>
      <div className={classes.head}>
        <strong>Record {number}</strong>
        <span>
          {by} to {to}
        </span>
        <span className={classes.dim}>
          {dateTime(at)} · {scopeWords(handover)}, {amount(plants, 'plant', 'plants')} · line {auditSequence} of the
          audit trail
        </span>
        <Group gap="xs" className={classes.actions}>
          <Button
            leftSection={<IconDownload size={18} aria-hidden />}
            loading={saving.isBusy}
            onClick={() => save(true)}
          >
            Save
          </Button>
          {recordingIds.length > 0 && <Button onClick={() => save(false)}>Save without recordings</Button>}
        </Group>
      </div>
      <Fingerprint value={sha256} prefix="SHA-256 " what="fingerprint of the record" />
      {saving.failure && <FailureNotice failure={saving.failure} />}
    </li>
  );
}

function scopeWords({ scope }: Handover): string {
  switch (scope.kind) {
    case 'all':
      return 'all';
    case 'site':
      return scope.site ?? 'without a site';
    case 'plants':
      return 'chosen by hand';
  }
}
