import { Button, SegmentedControl, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { CommandForm } from './CommandForm.tsx';
import { DeleteRetained } from './DeleteRetained.tsx';
import { MessageForm } from './MessageForm.tsx';
import classes from './Publish.module.css';

const parts = [
  { value: 'message', label: 'Message' },
  { value: 'command', label: 'Command to a plant' },
  { value: 'retained', label: 'Delete retained' },
] as const;

/** Opens what is published to the broker that is shown; the chosen topic is filled in. */
export function PublishButton() {
  const { monitor } = useConsole();
  const brokerId = useStore(monitor, (state) => state.brokerId);
  const topic = useStore(monitor, (state) => state.selectedTopic) ?? '';
  const isConnected = useStore(monitor, ({ connection }) => connection.state === 'connected');
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const [part, setPart] = useState<(typeof parts)[number]['value']>('message');
  return (
    <>
      <Button leftSection={<IconSend size={20} aria-hidden />} disabled={!isConnected} onClick={() => setOpen(true)}>
        Publish
      </Button>
      {isOpen && brokerId !== null && (
        <Dialog
          onClose={close}
          closeOnClickOutside={false}
          size="xl"
          title="Publish to this broker"
          classNames={{ content: classes.dialog ?? '' }}
        >
          <Stack>
            <SegmentedControl
              aria-label="What to publish"
              value={part}
              onChange={(value) => setPart(value)}
              data={[...parts]}
            />
            {part === 'message' && <MessageForm brokerId={brokerId} topic={topic} onClose={close} />}
            {part === 'command' && <CommandForm brokerId={brokerId} topic={topic} onClose={close} />}
            {part === 'retained' && <DeleteRetained brokerId={brokerId} topic={topic} />}
          </Stack>
        </Dialog>
      )}
    </>
  );
}
