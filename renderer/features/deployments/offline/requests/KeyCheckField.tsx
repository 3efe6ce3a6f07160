// The comparison that decides who gets a plant's certificate. The console's own value is not shown before another one was
// typed, since what can be read off the screen is not compared with the device.

import { TextInput } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Notice } from '../../../../ui/Notice.tsx';
import classes from './KeyCheckField.module.css';
import type { KeyComparison, KeyGroup } from './key-check.ts';

export function KeyCheckField({
  value,
  comparison,
  onChange,
}: {
  value: string;
  comparison: KeyComparison;
  onChange: (typed: string) => void;
}) {
  return (
    <div className={classes.field}>
      <TextInput
        label="Key check that the device showed"
        description="What the request kit wrote on the device's screen; spaces do not matter"
        placeholder="3f2a 91bc …"
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.input }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Verdict comparison={comparison} isEmpty={value.trim() === ''} />
    </div>
  );
}

function Verdict({ comparison, isEmpty }: { comparison: KeyComparison; isEmpty: boolean }) {
  switch (comparison.result) {
    case 'incomplete':
      return isEmpty ? null : <div className={classes.missing}>{comparison.missing} more characters</div>;
    case 'same':
      return (
        <div className={classes.same} role="status">
          <IconCircleCheck size={24} aria-hidden />
          The same: the request comes from that device.
        </div>
      );
    case 'different':
      return (
        <Notice tone="fault">
          <strong>Not the key of this request.</strong> Look for a slip of the hand where they differ. Otherwise the
          file does not come from this device: issue nothing, and find out who had the stick.
          <Groups title="Typed" groups={comparison.groups} side="typed" />
          <Groups title="Request" groups={comparison.groups} side="expected" />
        </Notice>
      );
  }
}

function Groups({ title, groups, side }: { title: string; groups: readonly KeyGroup[]; side: 'typed' | 'expected' }) {
  return (
    <div className={classes.groups}>
      <span className={classes.title}>{title}</span>
      {groups.map((group) => (
        <span key={group.at} className={classes.group} data-differs={group.typed !== group.expected || undefined}>
          {group[side] || '····'}
        </span>
      ))}
    </div>
  );
}
