import { Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import {
  type Authority,
  type AuthorityKeyAlgorithm,
  authorityDefaults,
  authorityKeyAlgorithms,
} from '../../../../shared/model/certificate.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';

const daysAYear = 365;

/** The same kind of key, unless no new authority gets one like it. */
const asGoodAs = (present: Authority | null): AuthorityKeyAlgorithm =>
  authorityKeyAlgorithms.find((known) => known === present?.keyAlgorithm) ?? authorityDefaults.keyAlgorithm;

/** Makes the next authority: in peace beside the present one, in an emergency in its place. */
export function StartRollover({
  present,
  emergency,
  hasKey,
  onClose,
}: {
  /** Null where it is not in the vault any more. */
  present: Authority | null;
  emergency: boolean;
  /** Whether the present one can still sign. */
  hasKey: boolean;
  onClose: () => void;
}) {
  const start = useStore(useConsole().rollover, (store) => store.start);
  const [subject, setSubject] = useState('');
  const [keyAlgorithm, setKeyAlgorithm] = useState<AuthorityKeyAlgorithm>(asGoodAs(present));
  const [years, setYears] = useState<number | string>(authorityDefaults.validityDays / daysAYear);
  const submit = () =>
    start({
      ...(subject.trim() !== '' && { subject: subject.trim() }),
      keyAlgorithm,
      validityDays: Math.round(Number(years) * daysAYear),
      emergency,
    });
  return (
    <ConfirmDialog
      title={emergency ? 'The key is lost or stolen' : 'Change the authority'}
      action={emergency ? 'Make a new authority now' : 'Make the next authority'}
      {...(emergency && { word: 'EMERGENCY' })}
      onConfirm={submit}
      onClose={onClose}
    >
      {emergency ? (
        <Notice tone="fault">
          A new authority issues from now on. Every certificate must be replaced, every password and token too, since
          whoever has the key can pass for a broker and hear them; and every plant must stop to trust the old authority.
          This screen lists who still holds something old. Whoever has the key gets in until the old authority is
          retired and pushed.
        </Notice>
      ) : (
        <div>
          Makes the next authority beside this one. Nothing changes for any plant. Six steps follow, and this screen
          leads through them; stopped after any of them, both authorities stay good.
        </div>
      )}
      {emergency && !hasKey && (
        <Notice tone="attention">
          The old authority cannot certify the new one, since its key is not in this vault: once brokers are pushed, a
          plant refuses them until it has the new CA file. Be ready to bring it to every plant before you push.
        </Notice>
      )}
      <Stack gap={12}>
        <TextInput
          label="Subject"
          description="Left empty: the present name with the next number, such as … Root CA G2"
          placeholder="/C=CZ/O=Acme/CN=Acme Root CA G2"
          value={subject}
          spellCheck={false}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Select
          label="Key"
          value={keyAlgorithm}
          onChange={(value) =>
            setKeyAlgorithm(authorityKeyAlgorithms.find((known) => known === value) ?? asGoodAs(present))
          }
          data={[...authorityKeyAlgorithms]}
        />
        <NumberField label="Valid for (years)" min={1} max={100} value={years} onChange={setYears} />
      </Stack>
    </ConfirmDialog>
  );
}
