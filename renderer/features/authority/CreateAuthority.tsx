import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import {
  type AuthorityKeyAlgorithm,
  authorityDefaults,
  authorityKeyAlgorithms,
} from '../../../shared/model/certificate.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { outOfRange } from '../../ui/number-range.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import classes from './CreateAuthority.module.css';
import { SubjectFields } from './SubjectFields.tsx';

const algorithmWords: Record<AuthorityKeyAlgorithm, string> = {
  'RSA-4096': 'RSA 4096 (every controller understands it)',
  'RSA-3072': 'RSA 3072',
  'EC-P256': 'EC P-256 (small and fast)',
  'EC-P384': 'EC P-384',
};

const daysAYear = 365;
const maxYears = 100;

/** Makes the authority: a subject by its parts or as one string, a key algorithm, and how many years it lasts. */
export function CreateAuthority() {
  const create = useStore(useConsole().authority, (authority) => authority.create);
  const creating = useAction();
  const [subject, setSubject] = useState<string>(authorityDefaults.subject);
  const [keyAlgorithm, setKeyAlgorithm] = useState<AuthorityKeyAlgorithm>(authorityDefaults.keyAlgorithm);
  const [years, setYears] = useState<number | string>(authorityDefaults.validityDays / daysAYear);
  const isValid = subject.trim() !== '' && outOfRange(years, 1, maxYears) === null;
  const submit = () => create({ subject, keyAlgorithm, validityDays: Math.round(Number(years) * daysAYear) });
  return (
    <Panel title="Create the authority">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isValid) void creating.run(submit);
        }}
      >
        <Stack>
          <SubjectFields subject={subject} onChange={setSubject} />
          <Group align="flex-start" grow>
            <Select
              label="Key"
              value={keyAlgorithm}
              onChange={(value) =>
                setKeyAlgorithm(authorityKeyAlgorithms.find((known) => known === value) ?? 'RSA-4096')
              }
              data={authorityKeyAlgorithms.map((value) => ({ value, label: algorithmWords[value] }))}
            />
            <NumberField label="Valid for (years)" min={1} max={maxYears} value={years} onChange={setYears} />
          </Group>
          {creating.failure && <FailureNotice failure={creating.failure} />}
          <Group>
            <Button type="submit" variant="filled" disabled={!isValid} loading={creating.isBusy}>
              Create authority
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
