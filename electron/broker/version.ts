import { ConsoleError } from '../../shared/model/errors.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';

export type BrokerVersion = {
  /** Such as `2.0.11`. */
  readonly version: string;
  readonly line: BrokerLine;
  /** What an operator must know about this version. */
  readonly notices: readonly string[];
};

/**
 * Reads the first line of `mosquitto -h`.
 * @throws `broker/unsupported-version` for everything but 2.x: 1.x lacks what the profiles use, and 3.0 drops it.
 */
export function parseBrokerVersion(output: string): BrokerVersion {
  const [, major, minor, patch] = /^mosquitto version (\d+)\.(\d+)\.(\d+)/m.exec(output) ?? [];
  if (major !== '2') throw new ConsoleError('broker/unsupported-version', { details: { version: major ?? 'unknown' } });
  const version = `${major}.${minor}.${patch}`;
  if (minor !== '0') return { version, line: '2.1', notices: [] };
  const losesMessages = Number(patch) >= 12 && Number(patch) <= 22;
  return {
    version,
    line: '2.0',
    notices: losesMessages
      ? [
          `Mosquitto ${version} loses QoS 1 messages queued for sessions that are offline, when its listeners have settings of their own. Update it to 2.0.23 or 2.1.`,
        ]
      : [],
  };
}
