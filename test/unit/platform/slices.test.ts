import { expect, it } from 'vitest';
import { inSlices } from '../../../electron/platform/slices.ts';

function* spinning(steps: number, milliseconds: number): Generator<undefined, string, undefined> {
  for (let step = 0; step < steps; step++) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

it('lets others run between slices of long work, and answers with its result', async () => {
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const result = await inSlices(spinning(40, 3));
  clearInterval(others);
  expect(result).toBe('done');
  expect(turns).toBeGreaterThan(3);
});

function* failing(): Generator<undefined, string, undefined> {
  yield;
  throw new RangeError('wrong');
}

it('passes on what the work throws', async () => {
  await expect(inSlices(failing())).rejects.toThrow('wrong');
});
