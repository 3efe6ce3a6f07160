// What strangers send decides how much memory the monitor takes only within its budget.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { MessageHistory } from '../../../electron/monitor/message-history.ts';
import { PlantWatch } from '../../../electron/monitor/plant-watch.ts';
import { type IncomingMessage, TopicStore } from '../../../electron/monitor/topic-store.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const mebibyte = 1024 * 1024;
const budget = { topics: 100_000, bytes: 48 * mebibyte, valueBytes: 256 * 1024 };
const historyBytes = 16 * mebibyte;
/** V8 rounds up, and what the budget counts of a topic is an average. */
const tolerance = 1.25;

/** After the garbage is gone: the memory of buffers is given back beside the program, with the next collection at the latest. */
function memory(): number {
  const after = Array.from({ length: 3 }, () => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  });
  return Math.min(...after);
}

/** Keeps messages as the monitor does; answers what that took. */
function keep(count: number, message: (i: number) => Pick<IncomingMessage, 'topic' | 'payload' | 'properties'>) {
  const before = memory();
  const store = new TopicStore(budget);
  const history = new MessageHistory(historyBytes, budget.valueBytes);
  for (let i = 0; i < count; i++) {
    const incoming = { ...message(i), qos: 0 as const, retained: false, receivedAt: i };
    if (store.take(incoming)) history.add(incoming);
  }
  const taken = memory() - before;
  const { messages, droppedTopics, cutValues, leftOutProperties } = store.counts();
  expect(messages + droppedTopics).toBe(count);
  const { kept, evicted } = history.counts();
  expect(kept + evicted).toBe(messages);
  return { taken, droppedTopics, cutValues, leftOutProperties, evicted };
}

describe('the memory of the monitor stays within its budget', () => {
  const most = (budget.bytes + historyBytes) * tolerance;

  test('with a million distinct topics', () => {
    const payload = Buffer.from('{"value":1}');
    const { taken, droppedTopics } = keep(1_000_000, (i) => ({ topic: `cpi/${i}/telemetry`, payload }));
    expect(droppedTopics).toBeGreaterThanOrEqual(900_000);
    expect(taken).toBeLessThan(most);
  });

  test('with huge payloads', () => {
    const payload = Buffer.alloc(12 * mebibyte, 'x');
    const { taken, cutValues, droppedTopics, evicted } = keep(2000, (i) => ({ topic: `huge/${i % 500}`, payload }));
    expect(cutValues).toBeGreaterThan(100);
    expect(cutValues + droppedTopics).toBe(2000);
    expect(evicted).toBeGreaterThan(0);
    expect(taken).toBeLessThan(most);
  });

  test.each([
    { what: 'huge properties', pairs: 400, value: 'y'.repeat(500) },
    { what: 'many small properties', pairs: 10_000, value: '' },
  ])('with $what on every topic', ({ pairs, value }) => {
    const payload = Buffer.from('1');
    const { taken, leftOutProperties, evicted } = keep(500, (i) => ({
      topic: `properties/${i}`,
      payload,
      properties: { userProperties: Array.from({ length: pairs }, (_, at) => [`${i}.${at}`, `${value}${at}`]) },
    }));
    expect(leftOutProperties).toBeGreaterThan(0);
    expect(leftOutProperties).toBeLessThan(500);
    expect(evicted).toBeGreaterThan(0);
    expect(taken).toBeLessThan(most);
  });

  test('with topics of thousands of levels', () => {
    const levels = '/a'.repeat(32_760);
    const payload = Buffer.from('1');
    const { taken, droppedTopics } = keep(3000, (i) => ({ topic: `${i}${levels}`, payload }));
    expect(droppedTopics).toBeGreaterThan(0);
    expect(taken).toBeLessThan(most);
  });
});

test('of plants and of identifiers that no plant has, nothing of their topics is kept', () => {
  const idOf = (i: number) => `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000001`;
  const watch = new PlantWatch({
    keepsApart: false,
    isPlant: (plantId) => plantId < idOf(1000),
    judge: () => ({ signature: 'unknown', message: undefined }),
  });
  const before = memory();
  for (let i = 0; i < 2000; i++) {
    const topic = Buffer.from(`cpi/${idOf(i)}/${'x'.repeat(60_000)}`).toString();
    watch.take({ topic, payload: new Uint8Array(0), qos: 0, retained: false, receivedAt: i });
  }
  expect(watch.unknown()).toEqual({ ids: 1000, messages: 1000 });
  expect(memory() - before).toBeLessThan(8 * mebibyte);
});
