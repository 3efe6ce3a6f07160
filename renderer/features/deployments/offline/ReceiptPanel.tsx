// Back from the stick: receipts, several at once, each with its own outcome. One that is refused stops none of the others.

import { Button, FileButton, Group, Stack } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { toFailure } from '../../../failure.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { type ReadReceipt, ReceiptOutcome } from './ReceiptOutcome.tsx';
import { readStickFile } from './read-file.ts';

const waitWords = (open: number): string =>
  open === 1 ? 'One bundle waits for its receipt.' : `${open} bundles wait for their receipts.`;

export function ReceiptPanel() {
  const { client, offline } = useConsole();
  const [read, setRead] = useState<readonly ReadReceipt[]>([]);
  const reading = useAction();
  const resetFile = useRef<() => void>(null);
  const open = useStore(
    offline,
    ({ bundles }) => readyValue(bundles)?.filter(({ state }) => state === 'open').length ?? 0,
  );
  const importOne = async (file: File): Promise<ReadReceipt> => {
    const named = { fileName: file.name, key: crypto.randomUUID(), readAt: Date.now() };
    try {
      const receipt = await readStickFile(file);
      return { ...named, facts: await client.offline.importReceipt({ receipt }) };
    } catch (error) {
      return { ...named, failure: toFailure(error) };
    }
  };
  const importAll = async (files: readonly File[]) => {
    resetFile.current?.();
    setRead([]);
    for (const file of files) {
      const outcome = await importOne(file);
      setRead((before) => [...before, outcome]);
    }
    await offline.getState().refresh();
  };
  return (
    <Panel title="Back from the stick">
      <Stack>
        <div>
          An installation leaves a receipt beside its file: <span className="mono">….receipt.txt</span>. It closes the
          deployment.{open > 0 && ` ${waitWords(open)}`}
        </div>
        <Group>
          <FileButton
            multiple
            resetRef={resetFile}
            accept=".txt,text/plain"
            onChange={(files) => void reading.run(() => importAll(files))}
            inputProps={{ 'aria-label': 'Receipts' }}
          >
            {(props) => (
              <Button {...props} leftSection={<IconFolderOpen size={20} aria-hidden />} loading={reading.isBusy}>
                Read receipts…
              </Button>
            )}
          </FileButton>
        </Group>
        {read.length > 1 && (
          <strong role="status">
            {read.filter((outcome) => 'facts' in outcome).length} of {read.length} receipts count.
          </strong>
        )}
        {read.map((outcome) => (
          <ReceiptOutcome key={outcome.key} outcome={outcome} />
        ))}
      </Stack>
    </Panel>
  );
}
