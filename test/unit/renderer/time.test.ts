import { expect, it } from 'vitest';
import { exactTimeOfDay, timeOfDay } from '../../../renderer/ui/time.ts';

it('tells messages of one second apart where that is asked for', () => {
  const at = new Date(2026, 2, 9, 14, 5, 9, 42).toISOString();
  expect(timeOfDay(at)).toBe('14:05:09');
  expect(exactTimeOfDay(at)).toBe('14:05:09.042');
});
