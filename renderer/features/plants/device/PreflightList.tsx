import { Button } from '@mantine/core';
import { IconClockEdit } from '@tabler/icons-react';
import type { PreflightCheck, PreflightCheckId } from '../../../../shared/model/preflight.ts';
import { CheckList } from '../../../ui/CheckList.tsx';

const words: Record<PreflightCheckId, string> = {
  clock: 'Clock',
  user: 'User',
  shell: 'Shell',
  tools: 'Tools',
  mount: 'File system',
  space: 'Free space',
  target: 'Directory',
  contents: 'What is there now',
  installation: 'Earlier installation',
};

const order = { refused: 0, attention: 1, ok: 2 } as const;

/** What was looked at on the device, refusals first. `onSetClock` is offered where the login may. */
export function PreflightList({
  checks,
  isSettingClock,
  onSetClock,
}: {
  checks: readonly PreflightCheck[];
  isSettingClock: boolean;
  onSetClock: () => void;
}) {
  return (
    <CheckList
      label="Preflight"
      checks={checks
        .toSorted((a, b) => order[a.verdict] - order[b.verdict])
        .map(({ id, verdict, sentence, offers }) => ({
          id,
          name: words[id],
          verdict,
          sentence,
          action: offers.includes('setClock') && verdict !== 'ok' && (
            <Button leftSection={<IconClockEdit size={18} aria-hidden />} loading={isSettingClock} onClick={onSetClock}>
              Set the clock
            </Button>
          ),
        }))}
    />
  );
}
