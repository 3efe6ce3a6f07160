import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClockEdit } from '@tabler/icons-react';
import type { PreflightCheck, PreflightCheckId } from '../../../../shared/model/preflight.ts';
import classes from './PreflightList.module.css';

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

const symbols = {
  ok: <IconCircleCheck size={24} aria-label="Good" />,
  attention: <IconAlertTriangle size={24} aria-label="Attention" />,
  refused: <IconCircleX size={24} aria-label="Refused" />,
} as const;

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
  const order = { refused: 0, attention: 1, ok: 2 } as const;
  return (
    <ul className={classes.checks} aria-label="Preflight">
      {checks
        .toSorted((a, b) => order[a.verdict] - order[b.verdict])
        .map(({ id, verdict, sentence, offers }) => (
          <li key={id} className={classes.check} data-verdict={verdict}>
            {symbols[verdict]}
            <span className={classes.name}>{words[id]}</span>
            <span className={classes.sentence}>{sentence}</span>
            {offers.includes('setClock') && verdict !== 'ok' && (
              <Button
                leftSection={<IconClockEdit size={18} aria-hidden />}
                loading={isSettingClock}
                onClick={onSetClock}
              >
                Set the clock
              </Button>
            )}
          </li>
        ))}
    </ul>
  );
}
