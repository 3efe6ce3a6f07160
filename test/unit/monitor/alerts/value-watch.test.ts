import { expect, test } from 'vitest';
import type { AlertEvent } from '../../../../electron/monitor/alerts/alert-event.ts';
import type { ValueRule } from '../../../../electron/monitor/alerts/rule-matcher.ts';
import { ValueWatch, valueKey } from '../../../../electron/monitor/alerts/value-watch.ts';

const rule = (more: Partial<ValueRule['condition']> = {}): ValueRule => ({
  ruleId: 'r',
  steps: ['devices', '0', 'temperature'],
  condition: {
    kind: 'value',
    filter: '#',
    pointer: '/devices/0/temperature',
    direction: 'above',
    limit: 80,
    hysteresis: 5,
    ...more,
  },
});
const payload = (temperature: unknown) => Buffer.from(JSON.stringify({ devices: [{ temperature }] }));

/** The types of what each value led to, a second apart. */
function follow(values: readonly unknown[], one = rule(), standing: readonly string[] = []): string[] {
  const events: AlertEvent[] = [];
  const watch = new ValueWatch((event) => events.push(event), standing);
  return values.map((value, i) => {
    watch.hear('t', payload(value), [one], i * 1000);
    return events.splice(0).map(({ type }) => type)[0] ?? '-';
  });
}

test('a value that trembles around its limit raises one alert, which ends behind the hysteresis', () => {
  expect(follow([80, 81, 79, 82, 76, 75, 80, 81])).toEqual(['-', 'raise', '-', '-', '-', 'end', '-', 'raise']);
  expect(follow([10, 9, 11, 14, 15], rule({ direction: 'below', limit: 10 }))).toEqual(['-', 'raise', '-', '-', 'end']);
  expect(follow([81, 80], rule({ hysteresis: 0 }))).toEqual(['raise', 'end']);
});

test('what stood before ends, and is not raised again', () => {
  expect(follow([90, 70], rule(), [valueKey('r', 't')])).toEqual(['-', 'end']);
});

test('what holds no number there says nothing', () => {
  expect(follow([90, 'hot', null, { a: 1 }, 90])).toEqual(['raise', '-', '-', '-', '-']);
  const watch = new ValueWatch(() => expect.unreachable(), []);
  for (const bad of ['', '{', '[[[', '{"devices":{"__proto__":9}}', '['.repeat(60_000)]) {
    watch.hear('t', Buffer.from(bad), [rule()], 0);
  }
  watch.hear('u', Buffer.from([0xff, 0xfe]), [rule()], 0);
});

test('a topic is read at a bounded rate, what was skipped is counted, and its last value counts in the end', () => {
  const events: AlertEvent[] = [];
  const watch = new ValueWatch((event) => events.push(event), []);
  for (let i = 0; i < 100; i++) watch.hear('t', payload(i === 99 ? 90 : 20), [rule()], i);
  expect(watch.skipped).toBe(99);
  expect(events).toEqual([]);
  for (const _ of watch.catchUp());
  expect(events).toMatchObject([{ type: 'raise', subject: 't', value: '90' }]);
});

test('after a flood a topic a step is read, its newest payload as it was when it came', () => {
  const events: AlertEvent[] = [];
  const watch = new ValueWatch((event) => events.push(event), []);
  // The client reuses its buffer.
  const buffer = Buffer.from(payload(20));
  for (let i = 0; i < 1000; i++) watch.hear(`t${i}`, buffer, [rule()], 1000);
  payload(90).copy(buffer);
  for (let i = 0; i < 1000; i++) watch.hear(`t${i}`, buffer, [rule()], 1100);
  payload(20).copy(buffer);
  const steps = watch.catchUp();
  steps.next();
  expect(events).toHaveLength(1);
  // A newer one of a topic that still waits.
  watch.hear('t999', payload(20), [rule()], 3000);
  for (const _ of steps);
  expect(events).toHaveLength(999);
  expect(events.map(({ subject }) => subject)).not.toContain('t999');
});

test('all topics together are read at a bounded rate, and a large payload never', () => {
  const watch = new ValueWatch(() => {}, []);
  for (let i = 0; i < 1000; i++) watch.hear(`t${i}`, payload(90), [rule()], 5000);
  expect(watch.skipped).toBe(600);
  watch.hear('large', Buffer.alloc(65 * 1024, ' '), [rule()], 9000);
  expect(watch.skipped).toBe(601);
});
