import { describe, expect, test } from 'vitest';
import { decodeProperties } from '../../../electron/monitor/message-properties.ts';
import { type IncomingMessage, TopicStore } from '../../../electron/monitor/topic-store.ts';

const message = (
  topic: string,
  payload: string | Uint8Array,
  more: Partial<IncomingMessage> = {},
): IncomingMessage => ({
  topic,
  payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
  qos: 0,
  retained: false,
  receivedAt: 1_700_000_000_000,
  ...more,
});
const textOf = (store: TopicStore, topic: string) => Buffer.from(store.get(topic)?.payload ?? []).toString();

test('the last value of each topic is kept with its facts', () => {
  const store = new TopicStore();
  store.take(message('cpi/a/telemetry', 'first value', { retained: true }));
  store.take(message('cpi/b/telemetry', 'other'));
  store.take(message('cpi/a/telemetry', 'second', { qos: 1, receivedAt: 1_700_000_000_500 }));

  expect(store.get('cpi/a/telemetry')).toMatchObject({
    payloadBytes: 6,
    messageCount: 2,
    qos: 1,
    retained: false,
    receivedAt: 1_700_000_000_500,
  });
  expect(textOf(store, 'cpi/a/telemetry')).toBe('second');
  expect(store.get('cpi/c/telemetry')).toBeUndefined();
  expect(store.counts()).toEqual({
    messages: 3,
    topics: 2,
    payloadBytes: 22,
    droppedTopics: 0,
    cutValues: 0,
    leftOutProperties: 0,
    droppedByBroker: null,
  });
});

test('names that mean something to JavaScript are plain topics', () => {
  const store = new TopicStore();
  for (const topic of ['__proto__', 'constructor', '']) store.take(message(topic, topic));
  expect(textOf(store, '__proto__')).toBe('__proto__');
  expect(store.counts().topics).toBe(3);
});

test('a value is copied: the sender may reuse its buffer', () => {
  const store = new TopicStore();
  const chunk = Buffer.from('value');
  store.take(message('t', chunk));
  chunk.fill(0);
  expect(textOf(store, 't')).toBe('value');
});

test('values that grow, shrink and vanish stay whole', () => {
  const store = new TopicStore();
  for (const length of [10, 60_000, 59_000, 3, 0, 100, 5000]) {
    const payload = new Uint8Array(length).fill(length % 251);
    store.take(message('t', payload));
    expect(store.get('t')?.payload).toEqual(payload);
  }
});

test('new topics beyond the budget are counted, known ones go on', () => {
  const store = new TopicStore({ topics: 2, bytes: 1_000_000, valueBytes: 1000 });
  for (const topic of ['a', 'b', 'c', 'a', 'c', 'd']) store.take(message(topic, topic));
  expect(store.get('c')).toBeUndefined();
  expect(store.get('a')?.messageCount).toBe(2);
  expect(store.counts()).toMatchObject({ messages: 3, topics: 2, payloadBytes: 3, droppedTopics: 3 });
});

test('long topic names use up the byte budget', () => {
  const store = new TopicStore({ topics: 1000, bytes: 12_000, valueBytes: 1000 });
  for (let i = 0; i < 10; i++) store.take(message(`${i}/${'x'.repeat(1998)}`, ''));
  expect(store.counts()).toMatchObject({ topics: 2, messages: 2, droppedTopics: 8 });
});

test('a payload over its cap is cut and tells its true size', () => {
  const store = new TopicStore({ topics: 10, bytes: 1_000_000, valueBytes: 128 });
  store.take(message('t', 'x'.repeat(1000)));
  expect(store.get('t')?.payloadBytes).toBe(1000);
  expect(store.counts().cutValues).toBe(1);
  expect(textOf(store, 't')).toBe('x'.repeat(128));
});

test('payloads never exceed the byte budget, and room that is given back is used again', () => {
  const store = new TopicStore({ topics: 10, bytes: 11_000, valueBytes: 8192 });
  store.take(message('a', 'a'.repeat(8192)));
  store.take(message('b', 'b'.repeat(8192)));
  const kept = store.get('b')?.payload.byteLength ?? 0;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(2000);
  expect(store.get('b')?.payloadBytes).toBe(8192);

  store.take(message('a', 'small'));
  store.take(message('b', 'B'.repeat(8192)));
  expect(textOf(store, 'b')).toBe('B'.repeat(8192));
});

test('a topic of thousands of levels takes no more room than its budget, and few levels of the tree', () => {
  const store = new TopicStore({ topics: 1000, bytes: 200_000, valueBytes: 1000 });
  store.take(message('a/'.repeat(32_000), 'deep'));
  expect(store.tree.nodeCount).toBe(33);
  for (let i = 0; i < 1000; i++) store.take(message(`${i}/b/c/d/e/f/g/h`, ''));
  expect(store.counts().topics).toBeLessThan(60);
  expect(store.counts().topics + store.counts().droppedTopics).toBe(1001);
});

test('what the broker says that it dropped is counted from when the monitor hears it, also over its restart', () => {
  const store = new TopicStore();
  const topic = '$SYS/broker/publish/messages/dropped';
  expect(store.counts().droppedByBroker).toBeNull();
  for (const [sum, counted] of [
    ['100', 0],
    ['107', 7],
    ['3', 10],
    ['nonsense', 10],
  ] as const) {
    store.take(message(topic, sum));
    expect(store.counts().droppedByBroker).toBe(counted);
  }
});

describe('MQTT 5 properties', () => {
  const withProperty = (length: number) =>
    message('t', 'x', { properties: { userProperties: [['name', 'p'.repeat(length)]] } });
  const propertiesOf = (store: TopicStore) => {
    const { properties = new Uint8Array(), lacksProperties } = store.get('t') ?? {};
    return { properties: decodeProperties(properties), lacksProperties };
  };
  const none = { properties: null, lacksProperties: false };

  test('are kept with the last value, as long as it has some', () => {
    const store = new TopicStore();
    store.take(message('t', 'x'));
    expect(propertiesOf(store)).toEqual(none);
    for (const length of [10, 3000, 40, 0, 100_000]) {
      const one = withProperty(length);
      store.take(one);
      expect(propertiesOf(store)).toEqual({ properties: one.properties, lacksProperties: false });
    }
    store.take(message('t', 'x'));
    expect(propertiesOf(store)).toEqual(none);
    expect(store.counts().leftOutProperties).toBe(0);
  });

  test('that are larger than a value may be are left out whole, and counted', () => {
    const store = new TopicStore({ topics: 10, bytes: 1_000_000, valueBytes: 1000 });
    store.take(withProperty(2000));
    store.take(withProperty(3000));
    expect(propertiesOf(store)).toEqual({ properties: null, lacksProperties: true });
    expect(store.counts()).toMatchObject({ messages: 2, leftOutProperties: 2, cutValues: 0 });
    store.take(withProperty(500));
    expect(propertiesOf(store).lacksProperties).toBe(false);
  });

  test('count in the budget of bytes: they take the room of other topics, and give it back', () => {
    const store = new TopicStore({ topics: 1000, bytes: 20_000, valueBytes: 15_000 });
    store.take(withProperty(14_000));
    expect(propertiesOf(store).lacksProperties).toBe(false);
    store.take(message('full', 'v'.repeat(8000)));
    expect(store.counts()).toMatchObject({ cutValues: 1 });
    store.take(message('t', 'x'));
    store.take(message('full', 'v'.repeat(8000)));
    expect(textOf(store, 'full')).toHaveLength(8000);
    store.take(withProperty(14_000));
    expect(propertiesOf(store)).toEqual({ properties: null, lacksProperties: true });
  });
});

test('topics of 60 KiB that differ in their last character are told apart', () => {
  const store = new TopicStore();
  const topic = (i: number) => `long/${'x'.repeat(60_000)}${String(i).padStart(4, '0')}`;
  for (let i = 0; i < 500; i++) store.take(message(topic(i), `${i}`));
  expect(store.counts()).toMatchObject({ topics: 500, droppedTopics: 0 });
  for (let i = 0; i < 500; i++) expect(textOf(store, topic(i))).toBe(`${i}`);
});
