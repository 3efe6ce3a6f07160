import { Button, SegmentedControl, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { CommandForm } from './CommandForm.tsx';
import { DeleteRetained } from './DeleteRetained.tsx';
import { MessageForm } from './MessageForm.tsx';
import classes from './Publish.module.css';

type Part = {
  readonly value: string;
  readonly label: string;
  readonly Form: ComponentType<{ brokerId: string; topic: string; onClose: () => void }>;
};

const parts: readonly Part[] = [
  { value: 'message', label: 'Message', Form: MessageForm },
  { value: 'command', label: 'Command to a plant', Form: CommandForm },
  { value: 'retained', label: 'Delete retained', Form: DeleteRetained },
];

/** Opens what is published to the broker that is shown; the chosen topic is filled in. */
export function PublishButton() {
  const { monitor } = useConsole();
  const brokerId = useStore(monitor, (state) => state.brokerId);
  const topic = useStore(monitor, (state) => state.selectedTopic) ?? '';
  const isConnected = useStore(monitor, ({ connection }) => connection.state === 'connected');
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const [part, setPart] = useState('message');
  return (
    <>
      <Button leftSection={<IconSend size={20} aria-hidden />} disabled={!isConnected} onClick={() => setOpen(true)}>
        Publish
      </Button>
      {isOpen && brokerId !== null && (
        <Dialog onClose={close} size="xl" title="Publish to this broker" classNames={{ content: classes.dialog ?? '' }}>
          <Stack>
            <SegmentedControl
              aria-label="What to publish"
              value={part}
              onChange={setPart}
              data={parts.map(({ value, label }) => ({ value, label }))}
            />
            {/* What was typed stays, and a command is waited for, while another part is looked at. */}
            {parts.map(({ value, Form }) => (
              <Stack key={value} display={value === part ? 'flex' : 'none'}>
                <Form brokerId={brokerId} topic={topic} onClose={close} />
              </Stack>
            ))}
          </Stack>
        </Dialog>
      )}
    </>
  );
}
