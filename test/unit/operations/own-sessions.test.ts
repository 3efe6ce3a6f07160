import { expect, test } from 'vitest';
import {
  doctorClientId,
  isOwnSession,
  monitorClientId,
  probeClientId,
} from '../../../electron/operations/own-sessions.ts';

test('the console knows its own sessions, also those in the name of a plant', () => {
  for (const clientId of [monitorClientId(), doctorClientId(), probeClientId()]) {
    expect(isOwnSession({ clientId })).toBe(true);
    // MQTT 3.1.1, 3.1.3.1: longer ones may be refused.
    expect(clientId).toMatch(/^[0-9a-zA-Z-]{1,23}$/);
  }
  expect(isOwnSession({ clientId: 'plc-a1b2c3d4' })).toBe(false);
});
