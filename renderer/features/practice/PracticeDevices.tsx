import { Button, Group } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconPlayerStop,
  IconPlugX,
  IconProgress,
  IconRefresh,
} from '@tabler/icons-react';
import type { PracticeDevice } from '../../../shared/model/practice.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import layout from '../../ui/layout.module.css';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Fact, Facts, Panel } from '../../ui/Panel.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { ago, useNow } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { methodWords } from '../plants/words.tsx';

const plcSigns: Record<PracticeDevice['plc']['state'], { tone: Tone; icon: Icon; word: string }> = {
  stopped: { tone: 'off', icon: IconPlayerStop, word: 'Stopped' },
  connecting: { tone: 'working', icon: IconProgress, word: 'Connecting' },
  connected: { tone: 'normal', icon: IconCircleCheck, word: 'Connected' },
  refused: { tone: 'fault', icon: IconAlertTriangle, word: 'Refused' },
  disconnected: { tone: 'fault', icon: IconPlugX, word: 'Connection lost' },
};

/** The built-in controllers and what their program says of itself. */
export function PracticeDevices({ devices }: { devices: readonly PracticeDevice[] }) {
  return (
    <div className={layout.cards}>
      {devices.map((device) => (
        <DeviceCard key={device.plantId} device={device} />
      ))}
    </div>
  );
}

function DeviceCard({ device }: { device: PracticeDevice }) {
  const { client, practice } = useConsole();
  const now = useNow(1000);
  const restarting = useAction();
  const { plantId, name, authMethod, host, port, plc } = device;
  const sign = plcSigns[plc.state];
  const restart = async () => {
    await client.practice.startPlc({ plantId });
    await practice.getState().refresh();
  };
  return (
    <Panel
      title={name}
      actions={
        <StatusBadge tone={sign.tone} icon={sign.icon}>
          {sign.word}
        </StatusBadge>
      }
    >
      <Facts>
        <Fact name="Auth method">{methodWords[authMethod]}</Fact>
        <Fact name="SSH">
          <span className="mono">
            {host}:{port}
          </span>
        </Fact>
        <Fact name="Published">
          {plc.publishedCount} {plc.publishedCount === 1 ? 'message' : 'messages'}
        </Fact>
        <Fact name="Last one">{plc.lastPublishedAt ? ago(plc.lastPublishedAt, now) : '—'}</Fact>
        {plc.reason && <Fact name="Reason">{plc.reason}</Fact>}
      </Facts>
      {restarting.failure && <FailureNotice failure={restarting.failure} />}
      <Group gap={10}>
        <Button component="a" href={href('plants', plantId)}>
          Open plant
        </Button>
        <Button
          leftSection={<IconRefresh size={18} aria-hidden />}
          loading={restarting.isBusy}
          onClick={() => void restarting.run(restart)}
        >
          Restart program
        </Button>
      </Group>
    </Panel>
  );
}
