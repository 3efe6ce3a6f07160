// The state of a broker as a symbol and a word. What nobody looked at, and what could not be reached, is not known:
// that is never shown as stopped.

import {
  type Icon,
  IconAlertOctagon,
  IconCircleCheck,
  IconHelpCircle,
  IconPlayerStop,
  IconPlugConnectedX,
  IconProgressAlert,
  IconTool,
} from '@tabler/icons-react';
import type { Broker, BrokerState } from '../../../shared/model/broker.ts';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { isSetUp } from './set-up.ts';

type Sign = { readonly tone: Tone; readonly icon: Icon; readonly word: string };

const stateSigns: Record<BrokerState, Sign> = {
  running: { tone: 'normal', icon: IconCircleCheck, word: 'Running' },
  stopped: { tone: 'off', icon: IconPlayerStop, word: 'Stopped' },
  failed: { tone: 'fault', icon: IconAlertOctagon, word: 'Failed' },
};

function signOf(broker: Broker): Sign {
  const { problem, lookedAt, unfinishedPush, state } = broker;
  if (!isSetUp(broker)) return { tone: 'off', icon: IconTool, word: 'Not set up yet' };
  if (problem) return { tone: 'fault', icon: IconPlugConnectedX, word: 'State not known' };
  if (lookedAt === null) return { tone: 'off', icon: IconHelpCircle, word: 'Not looked at yet' };
  if (unfinishedPush) return { tone: 'attention', icon: IconProgressAlert, word: 'Push not ended' };
  return stateSigns[state];
}

export function BrokerSign({ broker }: { broker: Broker }) {
  const { tone, icon, word } = signOf(broker);
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}
