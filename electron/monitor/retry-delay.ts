const pace = {
  soon: { firstMs: 1000, mostMs: 30_000 },
  slow: { firstMs: 15_000, mostMs: 300_000 },
} as const;

export type RetryPace = keyof typeof pace;

export type RetryDelay = (pace: RetryPace, failures: number) => number;

/**
 * Milliseconds before the next attempt after `failures` (1 or more) in a row: doubling up to a limit, and drawn from
 * the upper half, so that many consoles that lost one broker do not come back at the same moment.
 */
export const retryDelay: RetryDelay = (name, failures) => {
  const { firstMs, mostMs } = pace[name];
  const longest = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return longest * (0.5 + Math.random() / 2);
};
