import { type Icon, IconAlertTriangle, IconCircleCheck, IconPlugX, IconProgress } from '@tabler/icons-react';
import type { MonitorConnection } from '../../../shared/model/monitor.ts';
import type { Tone } from '../../ui/StatusBadge.tsx';

/** How a connection's state is shown. */
export const connectionSigns: Record<MonitorConnection['state'], { tone: Tone; icon: Icon; word: string }> = {
  stopped: { tone: 'off', icon: IconPlugX, word: 'Not listening' },
  connecting: { tone: 'working', icon: IconProgress, word: 'Connecting' },
  connected: { tone: 'normal', icon: IconCircleCheck, word: 'Listening' },
  refused: { tone: 'fault', icon: IconAlertTriangle, word: 'Refused' },
  disconnected: { tone: 'fault', icon: IconAlertTriangle, word: 'Connection lost' },
};
