import { Button, FileButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFileImport } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { maxPolicyTextLength } from '../../../shared/model/policy-version.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { isChanged } from './store.ts';

/** Puts a file on the workbench as it is, also one with mistakes: they are pointed out there. */
export function ImportRules() {
  const { draft, begin } = useStore(useConsole().policy);
  const [waiting, setWaiting] = useState<{ name: string; text: string } | null>(null);
  const reset = useRef<() => void>(null);
  const read = async (file: File | null) => {
    reset.current?.();
    if (!file) return;
    try {
      if (file.size > maxPolicyTextLength) throw new Error('too large');
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
      if (draft && isChanged(draft)) setWaiting({ name: file.name, text });
      else begin(text);
    } catch {
      notifications.show({ color: 'red', message: `${file.name} is no text in UTF-8 of at most 4 MiB.` });
    }
  };
  return (
    <>
      <FileButton
        accept=".json,application/json"
        resetRef={reset}
        onChange={(file) => void read(file)}
        inputProps={{ 'aria-label': 'Rules from a file' }}
      >
        {(props) => (
          <Button {...props} leftSection={<IconFileImport size={20} aria-hidden />}>
            Import
          </Button>
        )}
      </FileButton>
      {waiting && (
        <ConfirmDialog
          title="Replace what is on the workbench"
          action="Replace"
          onConfirm={async () => begin(waiting.text)}
          onClose={() => setWaiting(null)}
        >
          <div>Your changes are not saved. {waiting.name} takes their place; saved versions stay.</div>
        </ConfirmDialog>
      )}
    </>
  );
}
