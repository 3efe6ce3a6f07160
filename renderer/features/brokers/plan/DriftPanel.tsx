import { Radio, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { DriftChoice, DriftEntry } from '../../../../shared/model/broker.ts';
import classes from './DriftPanel.module.css';
import { FileChange, FileChanges } from './FileChange.tsx';
import { ChangeBadge, driftWords } from './plan-words.tsx';

/** What somebody else changed on the broker since the last push, and what shall become of it. */
export function DriftPanel({
  drift,
  choice,
  onChoose,
}: {
  drift: readonly DriftEntry[];
  choice: DriftChoice;
  onChoose: (choice: DriftChoice) => void;
}) {
  return (
    <section className={classes.drift} aria-label="Changed by somebody else">
      <h3 className={classes.title}>
        <IconAlertTriangle size={24} aria-hidden />
        Somebody else changed this broker since the last push
      </h3>
      <FileChanges label="Files that somebody else changed">
        {drift.map(({ file, change, diff }) => (
          <FileChange
            key={file}
            file={file}
            sign={<ChangeBadge change={change} tone="attention" />}
            note={diff === null ? 'what the last push wrote is not known any more' : driftWords[change]}
            diff={diff}
            isOpenAtFirst={drift.length < 3}
          />
        ))}
      </FileChanges>
      <DriftChoiceField choice={choice} onChoose={onChoose} />
    </section>
  );
}

/** The choice by itself, for what of a broker's files could not even be compared. */
export function DriftChoiceField({
  choice,
  onChoose,
}: {
  choice: DriftChoice;
  onChoose: (choice: DriftChoice) => void;
}) {
  return (
    <Radio.Group
      size="md"
      label="What shall become of it"
      value={choice}
      onChange={(value) => onChoose(value === 'overwrite' ? 'overwrite' : 'keep')}
    >
      <Stack gap={12} mt={8}>
        <Radio
          size="md"
          value="keep"
          label="Keep what others wrote"
          description="Their users, access rules and settings stay; what belongs to the console is renewed."
        />
        <Radio
          size="md"
          value="overwrite"
          label="Overwrite it"
          description="The files become what this console makes of them; the change is undone."
        />
      </Stack>
    </Radio.Group>
  );
}
