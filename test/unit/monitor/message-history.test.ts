import { describe, expect, test } from 'vitest';
import { MessageHistory } from '../../../electron/monitor/message-history.ts';
import { decodeProperties } from '../../../electron/monitor/message-properties.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const kibibyte = 1024;
const message = (topic: string, payload: Uint8Array | string, receivedAt = 0) => ({
  topic,
  payload: Buffer.from(payload),
  receivedAt,
  qos: 0 as const,
  retained: false,
});
const texts = (history: MessageHistory, topic: string) =>
  [...history.of(topic)].map(({ payload }) => Buffer.from(payload).toString());

describe('MessageHistory', () => {
  test('gives the messages of a topic, newest first, with all that was told of them', () => {
    const history = new MessageHistory(64 * kibibyte, kibibyte);
    const properties = { contentType: 'text/plain', userProperties: [['ä', 'b'] as [string, string]] };
    history.add({ ...message('a', 'one', 1), qos: 2, retained: true, properties });
    history.add(message('b', 'other', 2));
    history.add(message('a', '', 3));
    const [empty, one] = [...history.of('a')];
    expect(empty).toMatchObject({ receivedAt: 3, payloadBytes: 0, qos: 0, retained: false });
    expect(one).toMatchObject({ receivedAt: 1, payloadBytes: 3, qos: 2, retained: true });
    const told = [empty, one].map((past) => past && [decodeProperties(past.properties), past.lacksProperties]);
    expect(told).toEqual([
      [null, false],
      [properties, false],
    ]);
    expect(texts(history, 'a')).toEqual(['', 'one']);
    expect(texts(history, 'c')).toEqual([]);
    expect([...history.of('a', empty?.messageId)].map(({ messageId }) => messageId)).toEqual([one?.messageId]);
  });

  test('keeps of a long payload the beginning, and of no message more than a quarter of the budget', () => {
    const history = new MessageHistory(64 * kibibyte, 100 * kibibyte);
    history.add(message('a', Buffer.alloc(500 * kibibyte, 'x')));
    const [kept] = [...history.of('a')];
    expect(kept?.payloadBytes).toBe(500 * kibibyte);
    expect(kept?.payload.byteLength).toBe(16 * kibibyte);
    expect(history.counts()).toEqual({ kept: 1, evicted: 0, cut: 1 });
  });

  test('leaves out the properties of a message that are larger than a payload may be, and says so', () => {
    const history = new MessageHistory(64 * kibibyte, kibibyte);
    history.add({ ...message('a', 'x'), properties: { userProperties: [['large', 'p'.repeat(2 * kibibyte)]] } });
    const [kept] = [...history.of('a')];
    expect(kept).toMatchObject({ payloadBytes: 1, lacksProperties: true });
    expect(kept?.properties.byteLength).toBe(0);
    expect(history.counts()).toEqual({ kept: 1, evicted: 0, cut: 1 });
  });

  test('keeps nothing without a budget', () => {
    const history = new MessageHistory(0, kibibyte);
    history.add(message('a', 'x'));
    expect(texts(history, 'a')).toEqual([]);
  });

  test('holds the newest messages whatever their sizes, counts the others, and mixes no two up', () => {
    const random = new SeededRandom(7);
    for (const largest of [1, 50, 3000, 40_000]) {
      const history = new MessageHistory(96 * kibibyte + 8, 20_000);
      const all: { topic: string; text: string; id: number }[] = [];
      for (let id = 0; id < 2000; id++) {
        const topic = `t/${random.below(5)}`;
        const text = `${id}:`.padEnd(random.below(largest), `${id}`).slice(0, 20_000);
        all.push({ topic, text, id });
        history.add(message(topic, text, id));
        if (id % 100 !== 0) continue;
        const { kept, evicted } = history.counts();
        expect(kept + evicted).toBe(id + 1);
        const newest = all.slice(all.length - kept);
        for (let t = 0; t < 5; t++) {
          const expected = newest.filter((one) => one.topic === `t/${t}`).map((one) => one.text);
          expect(texts(history, `t/${t}`)).toEqual(expected.reverse());
        }
        const bytes = newest.reduce((sum, one) => sum + one.text.length, 0);
        expect(bytes).toBeLessThan(96 * kibibyte);
        // Small ones fill the budget but for what is written around them.
        if (largest === 3000 && evicted > 0) expect(bytes).toBeGreaterThan(80 * kibibyte);
      }
    }
  });

  test('a reader that is overtaken ends where the older ones are gone', () => {
    const history = new MessageHistory(64 * kibibyte, kibibyte);
    for (let i = 0; i < 100; i++) history.add(message('a', `${i}`, i));
    const reading = history.of('a');
    expect(reading.next().value).toMatchObject({ receivedAt: 99 });
    for (let i = 0; i < 10_000; i++) history.add(message('b', `${i}`, i));
    expect(reading.next().done).toBe(true);
    expect(texts(history, 'a')).toEqual([]);
  });
});
