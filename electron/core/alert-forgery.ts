import type { IncomingMessage } from '../monitor/topic-store.ts';
import type { LiveMonitors } from './live-monitors.ts';
import { parseObject } from './plant-watches.ts';

/**
 * Whether an alarm is certainly not the plant's: somebody else signed it, or it is one that was heard before. A clock that
 * is wrong makes no forgery: a PLC that was away too long may not know the day, and its alarm counts all the same.
 */
export function isForgedAlarm(
  monitors: Pick<LiveMonitors, 'checkSignature' | 'plantWatches'>,
  brokerId: string,
  { topic, payload, receivedAt }: IncomingMessage,
): boolean {
  const signature = monitors.checkSignature(topic, payload);
  if (signature !== 'valid') return signature === 'invalid';
  const watch = monitors.plantWatches.known(brokerId);
  return watch?.replayOf(parseObject(payload)?.sig, receivedAt) === 'repeated';
}
