import { describe, expect, test } from 'vitest';
import { followAck } from '../../../electron/core/command-acks.ts';
import type { MonitorMessageListener, SignatureState } from '../../../electron/monitor/monitor.ts';
import type { MonitorConnection } from '../../../shared/model/monitor.ts';
import type { CommandProgress } from '../../../shared/model/publish.ts';

/** Acknowledgements of a plant `p` whose word `sig` is what a check of them says. */
function follow({
  keepsApart = false,
  timeoutMs = 60_000,
  signal = new AbortController().signal,
  connected = true,
} = {}) {
  let hear: MonitorMessageListener = () => {};
  let connection: MonitorConnection = { state: connected ? 'connected' : 'connecting', reason: null };
  let noteConnection: (connection: MonitorConnection) => void = () => {};
  const { heard, end } = followAck({
    monitor: {
      onMessage: (listener) => {
        hear = listener;
        return () => {};
      },
      connection: () => connection,
      onConnection: (listener) => {
        noteConnection = listener;
        return () => {};
      },
    },
    plantId: 'p',
    cmdId: 'mine',
    clock: { now: () => new Date(0) },
    timeoutMs,
    signal,
    keepsApart,
    checkSignature: (_topic, payload) => JSON.parse(Buffer.from(payload).toString()).sig as SignatureState,
  });
  const say = (ack: object, topic = 'cpi/p/ack') =>
    hear({
      topic,
      payload: Buffer.from(JSON.stringify({ cmdId: 'mine', ...ack })),
      qos: 1,
      retained: false,
      properties: undefined,
      receivedAt: 0,
    });
  const all = async () => {
    const told: CommandProgress[] = [];
    for await (const progress of heard) told.push(progress);
    end();
    return told;
  };
  const become = (state: MonitorConnection['state']) => {
    connection = { state, reason: null };
    noteConnection(connection);
  };
  return { say, all, become };
}

test('another plant’s, another command’s and one that is too large are not heard', async () => {
  const { say, all } = follow();
  say({ cmdId: 'other', st: 'OK', sig: 'valid' });
  say({ st: 'OK', sig: 'valid' }, 'cpi/q/ack');
  say({ st: 'OK', sig: 'valid', msg: 'x'.repeat(9000) });
  say({ st: 'OK', sig: 'valid', msg: 'as asked' });
  expect(await all()).toEqual([
    { state: 'acknowledged', outcome: 'accepted', status: 'OK', detail: 'as asked', signature: 'valid', afterMs: 0 },
  ]);
});

describe('a forged one', () => {
  test('does not end the waiting, however many there are; they are counted', async () => {
    const { say, all } = follow();
    for (let i = 0; i < 1000; i++) say({ st: `FORGED ${i}`, sig: 'invalid' });
    const telling = all();
    setImmediate(() => say({ st: 'ERROR', err: 'BUSY', sig: 'valid' }));
    expect(await telling).toEqual([
      { state: 'doubted', status: 'FORGED 999', detail: null, signature: 'invalid', count: 1000, afterMs: 0 },
      {
        state: 'acknowledged',
        outcome: 'rejected',
        status: 'ERROR',
        detail: 'BUSY',
        signature: 'valid',
        afterMs: 0,
      },
    ]);
  });

  test('is counted to the end where the plant stays silent', async () => {
    const { say, all } = follow({ timeoutMs: 50 });
    for (let i = 0; i < 7; i++) say({ st: 'OK', sig: 'invalid' });
    expect(await all()).toMatchObject([
      { state: 'doubted', count: 7 },
      { state: 'silent', doubted: 7 },
    ]);
  });

  test('may just leave its signature out: that counts where the broker keeps plants apart, and only there', async () => {
    const open = follow({ timeoutMs: 50 });
    for (const sig of ['absent', 'unknown']) open.say({ st: 'OK', sig });
    expect(await open.all()).toMatchObject([{ state: 'doubted', signature: 'unknown', count: 2 }, { state: 'silent' }]);
    const apart = follow({ keepsApart: true });
    apart.say({ st: 'OK', sig: 'invalid' });
    apart.say({ st: 'OK', sig: 'absent' });
    expect(await apart.all()).toMatchObject([{ state: 'doubted' }, { state: 'acknowledged', signature: 'absent' }]);
  });
});

test.each([
  [{ st: 'accepted' }, 'accepted', null],
  [{ st: 'OK', err: null }, 'accepted', null],
  [{ st: 'OK', err: 'LOW_SOC', msg: 'below 10 %' }, 'rejected', 'LOW_SOC: below 10 %'],
  [{ st: 'REJECTED' }, 'rejected', null],
  [{ st: 'ERROR', err: { code: 7 } }, 'rejected', '{"code":7}'],
  [{ st: 3 }, 'unclear', null],
  [{}, 'unclear', null],
])('%j is %s', async (ack, outcome, detail) => {
  const { say, all } = follow();
  say({ ...ack, sig: 'valid' });
  expect(await all()).toMatchObject([{ outcome, detail }]);
});

test('silence says whether somebody listened all the time', async () => {
  const silent = { state: 'silent', doubted: 0 };
  expect(await follow({ timeoutMs: 20 }).all()).toMatchObject([{ ...silent, heardAll: true }]);
  const late = follow({ timeoutMs: 20, connected: false });
  late.become('connected');
  expect(await late.all()).toMatchObject([{ ...silent, heardAll: false }]);
  const cut = follow({ timeoutMs: 20 });
  cut.become('stopped');
  cut.become('connected');
  expect(await cut.all()).toMatchObject([{ ...silent, heardAll: false }]);
});

test('the operator ends it without a word', async () => {
  const stop = new AbortController();
  const { all } = follow({ signal: stop.signal });
  stop.abort();
  expect(await all()).toEqual([]);
});
