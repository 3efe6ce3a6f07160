import { describe, expect, test } from 'vitest';
import { MessageHistory } from '../../../electron/monitor/message-history.ts';
import { topicSeries } from '../../../electron/monitor/topic-series.ts';

function historyOf(payloads: readonly (string | Uint8Array)[]): MessageHistory {
  const history = new MessageHistory(1024 * 1024, 1024);
  for (const [i, payload] of payloads.entries()) {
    history.add({ topic: 't', payload: Buffer.from(payload), receivedAt: 1000 + i, qos: 0, retained: false });
  }
  return history;
}
const query = { topic: 't', limit: 10_000, after: -1 };

describe('topicSeries', () => {
  test('reads several paths, oldest first, and counts what holds none of them', async () => {
    const history = historyOf([
      '{"a":{"b/c":1},"list":[5,6]}',
      'no JSON',
      '{"a":{"b/c":2}}',
      '{"a":{"b/c":"3"}}',
      '{"a":{"b/c":1e999},"list":[7,-8.5]}',
      '{"__proto__":{"b/c":4}}',
      `{"a":{"b/c":9},"padding":"${'x'.repeat(2000)}"}`,
      // CBOR: {"list": [0, 1]}
      Buffer.from('a1646c697374820001', 'hex'),
    ]);
    const { series, messages, withoutNumber } = await topicSeries(history, {
      ...query,
      paths: ['/a/b~1c', '/list/1', '/toString/length'],
    });
    expect(series).toEqual([
      { path: '/a/b~1c', times: [1000, 1002], values: [1, 2] },
      { path: '/list/1', times: [1000, 1004, 1007], values: [6, -8.5, 1] },
      { path: '/toString/length', times: [], values: [] },
    ]);
    expect({ messages, withoutNumber }).toEqual({ messages: 8, withoutNumber: 4 });
  });

  test('a payload that is a number has the empty path; what came since can be asked for', async () => {
    const history = historyOf(['1', '2', '3']);
    const first = await topicSeries(history, { ...query, paths: [''], limit: 2 });
    expect(first.series).toEqual([{ path: '', times: [1001, 1002], values: [2, 3] }]);
    history.add({ topic: 't', payload: Buffer.from('4'), receivedAt: 2000, qos: 0, retained: false });
    const next = await topicSeries(history, { ...query, paths: [''], after: first.newestMessageId ?? -1 });
    expect(next.series).toEqual([{ path: '', times: [2000], values: [4] }]);
    const none = await topicSeries(history, { ...query, paths: [''], after: next.newestMessageId ?? -1 });
    expect(none).toMatchObject({ messages: 0, newestMessageId: null });
  });
});
