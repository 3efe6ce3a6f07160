import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Mutex } from '../../../electron/platform/mutex.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('one piece of work runs at a time, also after one that failed', async () => {
  const mutex = new Mutex();
  const order: string[] = [];
  const work = (name: string, fails = false) =>
    mutex.run(async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      if (fails) throw new Error('no');
      return name;
    });
  const outcomes = await Promise.allSettled([work('a', true), work('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('nothing of what came of it is kept', async () => {
  const mutex = new Mutex();
  const kept = await (async () => new WeakRef(await mutex.run(async () => ({ key: 'secret' }))))();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(kept.deref()).toBeUndefined();
  await mutex.run(async () => undefined);
});
