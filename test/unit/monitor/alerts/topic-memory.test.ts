import { expect, test } from 'vitest';
import { LatePayloads } from '../../../../electron/monitor/alerts/late-payloads.ts';
import { TopicMemory } from '../../../../electron/monitor/alerts/topic-memory.ts';

const long = (i: number) => `${i}/${'x'.repeat(60_000)}`;

test('topics of 60 KB each are remembered within a budget of bytes', () => {
  const memory = new TopicMemory<number>(50_000);
  for (let i = 0; i < 1000; i++) {
    memory.set(long(i), i);
    expect(memory.get(long(i))).toBe(i);
    expect(memory.bytes).toBeLessThanOrEqual(50_000);
  }
  expect(memory.size).toBeLessThan(250);
  memory.set(long(999), 7);
  expect(memory.get(long(999))).toBe(7);
});

test('payloads to be read later are kept within a budget of bytes, and given back when they are taken', () => {
  const late = new LatePayloads(1_000_000);
  for (let i = 0; i < 1000; i++) late.put(`t${i}`, Buffer.alloc(64 * 1024, i), []);
  expect(late.bytes).toBeLessThanOrEqual(1_000_000);
  const taken = [...late.take()];
  expect(taken.length).toBeGreaterThan(10);
  expect(taken[1]).toMatchObject({ topic: 't1', payload: Uint8Array.from(Buffer.alloc(64 * 1024, 1)) });
  expect(late.bytes).toBe(0);
});

test('of a topic the newest payload waits, whole', () => {
  const late = new LatePayloads();
  late.put('t', Buffer.from('a longer one'), []);
  late.put('t', Buffer.from('short'), []);
  late.put('u', Buffer.from('x'), []);
  late.put('u', Buffer.from('longer than before'), []);
  expect([...late.take()].map(({ payload }) => Buffer.from(payload).toString())).toEqual([
    'short',
    'longer than before',
  ]);
});
