// What all publishing by hand has in common: who asks about which broker, and how it is written down.

import { ConsoleError } from '../../shared/model/errors.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { OperationContext } from '../operations/context.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { LiveMonitors } from './live-monitors.ts';

/** A call: who asks, and about which broker. */
export type PublishCall = {
  readonly context: OperationContext;
  readonly sessionId: string;
  readonly broker: BrokerRow;
};

/** Throws `monitor/not-connected`. */
export function connectedMonitor(live: LiveMonitors, { brokerId }: BrokerRow): Monitor {
  const monitor = live.require(brokerId);
  if (monitor.protocolVersion === undefined) throw new ConsoleError('monitor/not-connected');
  return monitor;
}

/** A topic may have 65,535 bytes; the trail grows for ever. */
export const auditText = (text: string): string => visibleText(text.slice(0, 500));
