const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** By how much a clock is off: `12 minutes behind`. `aheadMs` below zero: it is behind. */
export function clockWords(aheadMs: number): string {
  const off = Math.abs(aheadMs);
  const [unit, word] =
    off < 2 * hourMs ? [minuteMs, 'minute'] : off < 2 * dayMs ? [hourMs, 'hour'] : ([dayMs, 'day'] as const);
  const count = Math.round(off / unit);
  return `${count} ${word}${count === 1 ? '' : 's'} ${aheadMs < 0 ? 'behind' : 'ahead'}`;
}
