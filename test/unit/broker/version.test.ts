import { describe, expect, it } from 'vitest';
import { parseBrokerVersion } from '../../../electron/broker/version.ts';

describe('parseBrokerVersion', () => {
  it.each([
    ['2.0.11', '2.0', 0],
    ['2.0.12', '2.0', 1],
    ['2.0.22', '2.0', 1],
    ['2.0.23', '2.0', 0],
    ['2.1.2', '2.1', 0],
    ['2.2.0', '2.1', 0],
  ])('%s is of the line %s', (version, line, notices) => {
    const parsed = parseBrokerVersion(`mosquitto version ${version}\n\nmosquitto is an MQTT broker.\n`);
    expect(parsed).toMatchObject({ version, line });
    expect(parsed.notices).toHaveLength(notices);
  });

  it.each(['mosquitto version 1.6.12', 'mosquitto version 3.0.0', 'something else', ''])('refuses %s', (output) => {
    expect(() => parseBrokerVersion(output)).toThrow(expect.objectContaining({ code: 'broker/unsupported-version' }));
  });
});
