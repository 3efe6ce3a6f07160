import { describe, expect, it } from 'vitest';
import { signMessage } from '../../../electron/credentials/signatures.ts';
import { judgeCommand } from '../../../electron/practice/plc-commands.ts';
import { explainPlcEnding } from '../../../electron/practice/plc-ending.ts';
import { readingsAt } from '../../../electron/practice/plc-readings.ts';
import { deviceReadingSchema } from '../../../shared/model/telemetry.ts';

const plant = {
  plantId: 'a1b2c3d4-0000-0000-0000-000000000001',
  authMethod: 'PASSWORD',
  hmacSecret: 's'.repeat(40),
} as const;
const command = {
  cmdId: '6f1e6c1e-4b1a-4c8e-9a55-0d9c4c7a1b2c',
  ts: 1_760_000_000_000,
  type: 'CHARGE',
  p: { powerW: 500 },
};
const judge = (message: unknown, as: Parameters<typeof judgeCommand>[1] = plant) =>
  judgeCommand(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), as, signMessage);

describe('a command', () => {
  const sig = signMessage('command', plant.plantId, command, plant.hmacSecret);

  it('is acknowledged when it is signed right', () => {
    expect(judge({ ...command, sig })).toEqual({ cmdId: command.cmdId, st: 'OK' });
  });

  it.each([
    ['another parameter', { ...command, p: { powerW: 900 }, sig }],
    ['another time', { ...command, ts: command.ts + 1, sig }],
    ['a signature cut short', { ...command, sig: sig.slice(0, 10) }],
  ])('is refused with %s', (_what, message) => {
    expect(judge(message)).toEqual({ cmdId: command.cmdId, st: 'ERROR', err: 'SIGNATURE_WRONG' });
  });

  it('may be unsigned on the mTLS listener only', () => {
    expect(judge(command)).toEqual({ cmdId: command.cmdId, st: 'ERROR', err: 'SIGNATURE_MISSING' });
    expect(judge(command, { ...plant, authMethod: 'MTLS' })).toEqual({ cmdId: command.cmdId, st: 'OK' });
  });

  it.each(['', 'not json', '[]', '{"cmdId":"1"}', 'null'])('that is none is not answered: %j', (message) => {
    expect(judge(message)).toBeUndefined();
  });

  it('that nests without end does no harm', () => {
    const deep = `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`;
    const message = `{"cmdId":"${command.cmdId}","ts":1,"type":"CHARGE","p":${deep},"sig":"${sig}"}`;
    expect(judge(message)).toMatchObject({ st: 'ERROR' });
  });
});

describe('the readings', () => {
  it('fit the envelope at any time, and change slowly', () => {
    const types = ['CABINET', 'METER', 'INVERTER', 'BATTERY'];
    for (let time = 1_760_000_000_000; time < 1_760_000_000_000 + 3 * 3_600_000; time += 77_777) {
      const readings = readingsAt(time);
      expect(readings.map(({ type }) => type)).toEqual(types);
      for (const reading of readings) deviceReadingSchema.parse(reading);
      const soc = (at: number) => Number(readingsAt(at)[3]?.values?.socPercent);
      expect(soc(time)).toBeGreaterThan(0);
      expect(soc(time)).toBeLessThan(100);
      expect(Math.abs(soc(time + 2_000) - soc(time))).toBeLessThan(0.1);
    }
  });
});

it.each([
  [
    'secured',
    Object.assign(new Error('Connection refused: Not authorized'), { code: 135 }),
    'refused',
    /Not authorized/,
  ],
  ['secured', undefined, 'refused', /refused the login/],
  ['reaching', Object.assign(new Error('x'), { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' }), 'refused', /UNKNOWN_CA/],
  ['reaching', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'disconnected', /ECONNREFUSED/],
  ['connected', undefined, 'disconnected', /ended the session/],
] as const)('an end while %s is explained', (phase, error, state, reason) => {
  expect(explainPlcEnding(phase, error)).toMatchObject({ state, reason: expect.stringMatching(reason) });
});
