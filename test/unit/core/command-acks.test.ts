import { expect, test } from 'vitest';
import { followAck } from '../../../electron/core/command-acks.ts';
import { Confirmations } from '../../../electron/core/confirmations.ts';
import type { MonitorMessageListener, SignatureState } from '../../../electron/monitor/monitor.ts';
import type { CommandProgress } from '../../../shared/model/publish.ts';

const clock = { now: () => new Date(0) };

test('an acknowledgement with a wrong signature is told and not believed; another command’s is not heard', async () => {
  let hear: MonitorMessageListener = () => {};
  const signatures: SignatureState[] = ['invalid', 'valid'];
  const { heard, end } = followAck({
    monitor: {
      onMessage: (listener) => {
        hear = listener;
        return () => {};
      },
    },
    plantId: 'p',
    cmdId: 'mine',
    clock,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    checkSignature: () => signatures.shift() ?? 'unknown',
  });
  const say = (topic: string, ack: object) =>
    hear({
      topic,
      payload: Buffer.from(JSON.stringify(ack)),
      qos: 1,
      retained: false,
      properties: undefined,
      receivedAt: 0,
    });
  say('cpi/p/ack', { cmdId: 'other', st: 'OK' });
  say('cpi/q/ack', { cmdId: 'mine', st: 'OK' });
  say('cpi/p/ack', { cmdId: 'mine', st: 'FORGED' });
  say('cpi/p/ack', { cmdId: 'mine', st: 'ERROR', err: 'BUSY' });
  const told: CommandProgress[] = [];
  for await (const progress of heard) told.push(progress);
  end();
  expect(told).toEqual([
    { state: 'acknowledged', status: 'FORGED', detail: null, signature: 'invalid', afterMs: 0 },
    { state: 'acknowledged', status: 'ERROR', detail: 'BUSY', signature: 'valid', afterMs: 0 },
  ]);
});

test('a confirmation is good once, in its session, for a while, and for what was confirmed', () => {
  let now = 0;
  const confirmations = new Confirmations<string>({ now: () => new Date(now) });
  const issue = () => confirmations.issue('session', { a: 1 }, 'value');
  const token = issue();
  expect(confirmations.redeem('session', token, { a: 1 })).toEqual({ value: 'value' });
  expect(confirmations.redeem('session', token, { a: 1 })).toBeUndefined();
  expect(confirmations.redeem('another', issue(), { a: 1 })).toBeUndefined();
  expect(confirmations.redeem('session', issue(), { a: 2 })).toBeUndefined();
  expect(confirmations.redeem('session', undefined, { a: 1 })).toBeUndefined();
  const old = issue();
  now = 6 * 60_000;
  expect(confirmations.redeem('session', old, { a: 1 })).toBeUndefined();
});
