import { describe, expect, test } from 'vitest';
import { coalesce } from '../../../renderer/app/snapshot.ts';

describe('coalesce', () => {
  test('a burst costs two runs, and the last one begins after the last call', async () => {
    const finish: (() => void)[] = [];
    const refresh = coalesce(() => new Promise<void>((resolve) => finish.push(resolve)));
    const first = refresh();
    const others = [refresh(), refresh(), refresh()];
    expect(finish).toHaveLength(1);
    finish[0]?.();
    await first;
    await Promise.resolve();
    expect(finish).toHaveLength(2);
    finish[1]?.();
    await Promise.all(others);
    expect(finish).toHaveLength(2);
  });

  test('a run that fails does not block the next', async () => {
    let runs = 0;
    const refresh = coalesce(async () => {
      runs += 1;
      if (runs === 1) throw new Error('no link');
    });
    await expect(refresh()).rejects.toThrow('no link');
    await refresh();
    expect(runs).toBe(2);
  });
});
