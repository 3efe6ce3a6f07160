import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';

export function SaveVersion({ onClose }: { onClose: () => void }) {
  const save = useStore(useConsole().policy, (store) => store.save);
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog title="Save as a version" action="Save" onConfirm={() => save(note.trim())} onClose={onClose}>
      <div>Versions are kept for ever. This one changes nothing before you put it in force.</div>
      <TextInput
        label="What is it for?"
        description="Optional"
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
