// The comparison that decides who gets a plant's certificate. The console's own value is never shown: what can be read off
// this screen is not compared with the device.

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
      return <Different groups={comparison.groups} />;
  }
}

function Different({ groups }: { groups: readonly KeyGroup[] }) {
  return (
    <Notice tone="fault">
      <strong>Not the key of this request.</strong> Look for a slip of the hand where it differs. Without one, the file
      does not come from this device: issue nothing, and find out who had the stick.
      <div className={classes.groups}>
        {groups.map(({ at, typed, differs }) => (
          <span key={at} className={classes.group} data-differs={differs || undefined}>
            {typed}
            {differs && <span className="visually-hidden"> differs</span>}
          </span>
        ))}
      </div>
    </Notice>
  );
}
