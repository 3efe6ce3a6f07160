import { describe, expect, it } from 'vitest';
import { parseSparkplugTopic } from '../../../../../shared/model/payload/sparkplug-topic.ts';
import { bitsSet, readVokeMessage } from '../../../../../shared/model/payload/voke-message.ts';

const alarm = { ts: 1, n: '0011aabb', ev: 'RAISE', alarmId: 'a', code: 'C1', sev: 'HIGH' };
const ack = { cmdId: 'c', st: 'OK', ts: 1, n: '0011aabb' };
const command = { cmdId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', ts: 1, type: 'HOLD', p: {} };
const snapshot = { ts: 1, n: '0011aabb', timestamp: 1, devices: [{ externalId: 'x', type: 'CABINET', raw: 5 }] };

describe('a message of the protocol', () => {
  it.each([
    ['telemetry', 'telemetry', snapshot],
    ['command', 'command', command],
    ['commands', 'command', command],
    ['ack', 'ack', ack],
    ['alarm', 'alarm', alarm],
  ])('is recognised on %s', (name, kind, message) =>
    expect(readVokeMessage(`cpi/p1/${name}`, message)).toEqual({ ok: true, value: { kind, plantId: 'p1', message } }),
  );

  it('needs both its topic and its shape', () => {
    expect(readVokeMessage('other/p1/alarm', alarm).ok).toBe(false);
    expect(readVokeMessage('cpi/p1/alarm/x', alarm).ok).toBe(false);
    expect(readVokeMessage('cpi/p1/alarm', { ...alarm, ev: '<b>' })).toEqual({
      ok: false,
      reason: 'Not the shape of alarm: ev.',
    });
    expect(readVokeMessage('cpi/p1/alarm', [])).toMatchObject({ ok: false });
  });

  it('tells the bits of a mask', () => {
    expect(bitsSet(0x80000005)).toEqual([0, 2, 31]);
    expect(bitsSet(0)).toEqual([]);
    expect(() => bitsSet(2 ** 32)).toThrow(RangeError);
  });
});

describe('a Sparkplug B topic', () => {
  it('is parsed', () => {
    expect(parseSparkplugTopic('spBv1.0/g/NDATA/n')).toEqual({ type: 'NDATA', group: 'g', node: 'n' });
    expect(parseSparkplugTopic('spBv1.0/g/DCMD/n/d')).toEqual({ type: 'DCMD', group: 'g', node: 'n', device: 'd' });
    expect(parseSparkplugTopic('spBv1.0/STATE/h')).toEqual({ type: 'STATE', hostId: 'h' });
  });

  it.each([
    'spBv1.0/g/NDATA/n/d',
    'spBv1.0/g/DDATA/n',
    'spBv1.0/g/XDATA/n',
    'spBv1.0//NDATA/n',
    'spAv1.0/g/NDATA/n',
    `spBv1.0/g/DDATA/n/d${'/x'.repeat(10_000)}`,
  ])('is not taken from another', (topic) => expect(parseSparkplugTopic(topic)).toBeNull());
});
