import { Button, Menu } from '@mantine/core';
import {
  IconDots,
  IconDownload,
  IconFileDiff,
  IconFileText,
  IconHistory,
  IconListTree,
  IconPlayerStopFilled,
  IconStethoscope,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import type { Broker } from '../../../shared/model/broker.ts';
import { href } from '../../app/route.ts';
import classes from './BrokerCard.module.css';
import type { Push } from './use-push.ts';

/** What is unfolded in a broker's card, or asked in a dialog over it. */
export type Opened = 'log' | 'generations' | 'files' | 'stop' | 'remove';

export function BrokerActions({
  broker: { brokerId, name, pushPending, lastPushedAt, state, problem },
  push,
  isBlocked,
  isPlanned,
  opened,
  onOpen,
  onPlan,
}: {
  broker: Broker;
  push: Push;
  /** Nothing may be pushed right now. */
  isBlocked: boolean;
  /** A plan is in sight, with a push of its own. */
  isPlanned: boolean;
  opened: Opened | null;
  onOpen: (opened: Opened | null) => void;
  onPlan: () => void;
}) {
  const isRunning = state === 'running' && !problem;
  const toggle = (part: Opened) => ({
    'aria-expanded': opened === part,
    onClick: () => onOpen(opened === part ? null : part),
  });
  return (
    <div className={classes.actions}>
      {!isPlanned && (
        <>
          <Button
            variant={pushPending || !lastPushedAt ? 'filled' : 'default'}
            leftSection={<IconUpload size={18} aria-hidden />}
            loading={push.action.isBusy}
            disabled={isBlocked}
            onClick={push.start}
          >
            Push
          </Button>
          <Button leftSection={<IconFileDiff size={18} aria-hidden />} disabled={isBlocked} onClick={onPlan}>
            Show what would change
          </Button>
        </>
      )}
      <Button leftSection={<IconHistory size={18} aria-hidden />} {...toggle('generations')}>
        Earlier
      </Button>
      <Button leftSection={<IconFileText size={18} aria-hidden />} {...toggle('log')}>
        Log
      </Button>
      {isRunning && (
        <Button component="a" href={href('live', brokerId)} leftSection={<IconListTree size={18} aria-hidden />}>
          Live topics
        </Button>
      )}
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button className={classes.last} leftSection={<IconDots size={18} aria-hidden />}>
            More<span className="visually-hidden"> for {name}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={20} aria-hidden />} onClick={() => onOpen('files')}>
            Save files
          </Menu.Item>
          <Menu.Item
            component="a"
            href={href('doctor', 'broker', brokerId)}
            leftSection={<IconStethoscope size={20} aria-hidden />}
          >
            Why does it not connect?
          </Menu.Item>
          {isRunning && (
            <Menu.Item
              leftSection={<IconPlayerStopFilled size={20} aria-hidden />}
              disabled={isBlocked}
              onClick={() => onOpen('stop')}
            >
              Stop
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconTrash size={20} aria-hidden />}
            disabled={isBlocked}
            onClick={() => onOpen('remove')}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
