import { Checkbox } from '@mantine/core';
import type { Recording } from '../../../shared/model/recording.ts';
import { dateTime } from '../../ui/time.ts';
import { nameOf, sizeWords } from '../monitor/recordings/words.ts';
import { amount } from '../monitor/words.ts';
import classes from './Handover.module.css';

/** Recordings that have ended, newest first. */
export function ChooseRecordings({
  recordings,
  chosen,
  onChange,
}: {
  recordings: readonly Recording[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  return (
    <Checkbox.Group label="Recordings" size="md" value={[...chosen]} onChange={onChange}>
      <div className={classes.recordings}>
        {recordings.map((recording) => (
          <Checkbox
            key={recording.recordingId}
            size="md"
            value={recording.recordingId}
            label={nameOf(recording)}
            description={`${dateTime(recording.startedAt)}, ${amount(recording.messages, 'message', 'messages')}, ${sizeWords(recording.bytes)}`}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
