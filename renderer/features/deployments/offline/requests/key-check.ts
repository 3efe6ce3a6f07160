// A key check is 32 hex digits, shown in groups of four. Somebody copies it by hand from a device's screen.

const digits = 32;

/** Without spaces and whatever else is no hex digit, in lower case. */
const hexOf = (text: string): string => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');

export type KeyGroup = { readonly at: number; readonly typed: string; readonly differs: boolean };

/**
 * How what was typed compares with the key of the request. Where they differ is told, so that a slip of the hand is
 * found; what the other says is not, since it would only be copied.
 */
export type KeyComparison =
  | { readonly result: 'incomplete'; readonly missing: number }
  | { readonly result: 'same' }
  | { readonly result: 'different'; readonly groups: readonly KeyGroup[] };

export function compareKeyChecks(typed: string, expected: string): KeyComparison {
  const [left, right] = [hexOf(typed), hexOf(expected)];
  if (left.length < digits) return { result: 'incomplete', missing: digits - left.length };
  if (left === right) return { result: 'same' };
  const groups = [...left.matchAll(/.{1,4}/g)].map(({ 0: group, index: at }) => ({
    at,
    typed: group,
    differs: group !== right.slice(at, at + 4),
  }));
  return { result: 'different', groups };
}
