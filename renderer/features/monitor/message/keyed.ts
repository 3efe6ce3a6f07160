/** Entries with keys for React, where strangers may name two things alike: the first `a`, the second `a`. */
export function keyed<T>(entries: readonly T[], nameOf: (entry: T) => string): { key: string; entry: T }[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const name = nameOf(entry);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { key: `${count}:${name}`, entry };
  });
}
