// A key check is 32 hex digits, shown in groups of four. Somebody copies it by hand from a device's screen.

const digits = 32;

/** Without spaces and whatever else is no hex digit, in lower case. */
export const hexOf = (text: string): string => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');

export type KeyGroup = { readonly at: number; readonly typed: string; readonly expected: string };

/** How what was typed compares with the key of the request. */
export type KeyComparison =
  | { readonly result: 'incomplete'; readonly missing: number }
  | { readonly result: 'same' }
  | { readonly result: 'different'; readonly groups: readonly KeyGroup[] };

/** Says nothing about the expected value before something of its length was typed. */
export function compareKeyChecks(typed: string, expected: string): KeyComparison {
  const [left, right] = [hexOf(typed), hexOf(expected)];
  if (left.length < digits) return { result: 'incomplete', missing: digits - left.length };
  if (left === right) return { result: 'same' };
  const starts = Array.from({ length: Math.ceil(Math.max(left.length, right.length) / 4) }, (_, group) => group * 4);
  return {
    result: 'different',
    groups: starts.map((at) => ({ at, typed: left.slice(at, at + 4), expected: right.slice(at, at + 4) })),
  };
}
