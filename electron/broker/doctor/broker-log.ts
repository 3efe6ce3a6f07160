// What the broker wrote about a connection, and when by its own clock.

const stamp = /^(\d{9,11}): /;
const start = /(?:^|: )mosquitto version \S+ starting/;
const beginning = /(?:^|: )(?:Reloading config\.|mosquitto version \S+ (?:starting|running))/;
const complaint = /^(?:\d+: )?(?:Error|Warning): /;

/** The lines that came after `before` was read; a log keeps its last lines only. */
export function newLines(before: readonly string[], after: readonly string[]): readonly string[] {
  for (let skip = 0; skip <= before.length; skip++) {
    const rest = before.slice(skip);
    if (rest.every((line, index) => line === after[index])) return after.slice(rest.length);
  }
  return after;
}

/** Whether `newLines` are all that came: the log reaches back to what was read before, or it is that of another run. */
export function reachesBack(before: readonly string[], after: readonly string[]): boolean {
  return before.length === 0 || newLines(before, after).length < after.length || after.some((line) => start.test(line));
}

/** Seconds since 1970 as the broker's clock showed them with its last line; undefined where it writes no times. */
export function brokerTime(lines: readonly string[]): Date | undefined {
  const seconds = lines.map((line) => stamp.exec(line)?.[1]).findLast((found) => found !== undefined);
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000);
}

/** What the broker complained of when it read its files last. */
export function lastReloadFaults(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => beginning.test(line));
  // A start writes two lines; both begin the same reading.
  const first = last > 0 && /starting/.test(lines[last - 1] ?? '') ? last - 1 : last;
  return lines.slice(Math.max(0, first)).filter((line) => complaint.test(line));
}
