import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Recording, Replay } from '../../../../shared/model/recording.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Fingerprint } from '../../../ui/Fingerprint.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { dateTime } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { amount } from '../words.ts';
import { RecordingLosses } from './RecordingLosses.tsx';
import classes from './Recordings.module.css';
import { saveRecording, saveRecordingAsCsv } from './save-recording.ts';
import { endingWords, filterWords, nameOf, sizeWords } from './words.ts';

export function RecordingItem({ recording, onClose }: { recording: Recording; onClose: () => void }) {
  const { client } = useConsole();
  const { recordingId, ending, messages, badLines, bytes, sha256, startedAt, origin } = recording;
  const { brokerName, filters, identity } = recording;
  const [isDeleting, setDeleting] = useState(false);
  const [note, setNote] = useState(recording.note);
  const acting = useAction();
  const replay = (target: Replay['target']) =>
    acting.run(async () => {
      const { replayId } = await client.recordings.replay({ recordingId, target });
      navigate(href('live', replayId));
      onClose();
    });
  return (
    <li className={classes.item} aria-label={nameOf(recording)}>
      <form
        className={classes.note}
        onSubmit={(event) => {
          event.preventDefault();
          void acting.run(() => client.recordings.setNote({ recordingId, note }));
        }}
      >
        <TextInput
          aria-label="Note"
          placeholder={brokerName || 'Note'}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {note !== recording.note && <Button type="submit">Save the note</Button>}
      </form>
      <p className={classes.facts}>
        {origin === 'imported' ? 'Imported' : brokerName} · {dateTime(startedAt)} ·{' '}
        {ending === null ? 'is being recorded' : endingWords[ending]}
        {ending !== null && ` · ${amount(messages, 'message', 'messages')} · ${sizeWords(bytes)}`}
        {badLines > 0 && ` · ${amount(badLines, 'line', 'lines')} unreadable`}
      </p>
      {filters !== null && (
        <p className={classes.facts}>
          Heard as {identity?.kind === 'credential' ? `plant ${identity.plantName || identity.plantId}` : 'the console'}{' '}
          · {filterWords(filters)}
        </p>
      )}
      <RecordingLosses recording={recording} />
      {sha256 !== null && <Fingerprint value={sha256} prefix="SHA-256 " what="fingerprint" />}
      {ending !== null && (
        <Group gap="xs">
          <Button variant="filled" loading={acting.isBusy} onClick={() => void replay('monitor')}>
            Replay
          </Button>
          <Button onClick={() => void replay('practice')}>To the practice broker</Button>
          <Button onClick={() => void acting.run(() => saveRecording(client, recording))}>Save</Button>
          <Button onClick={() => void acting.run(() => saveRecordingAsCsv(client, recording))}>Save as CSV</Button>
          <Button onClick={() => setDeleting(true)}>Delete</Button>
        </Group>
      )}
      {acting.failure && <FailureNotice failure={acting.failure} />}
      {isDeleting && (
        <ConfirmDialog
          title="Delete this recording?"
          action="Delete"
          onConfirm={() => client.recordings.delete({ recordingId })}
          onClose={() => setDeleting(false)}
        >
          <p>Its file is gone then. The audit trail keeps its fingerprint.</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
