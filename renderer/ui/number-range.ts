/**
 * What is wrong with a number that lies outside of its limits, each of them still within; null where nothing is.
 * A field with a least number must not be empty.
 */
export function outOfRange(value: number | string | undefined, min?: number, max?: number): string | null {
  if (value === undefined || value === '') return min === undefined ? null : 'enter a number';
  const number = Number(value);
  if ((min === undefined || number >= min) && (max === undefined || number <= max)) return null;
  if (max === undefined) return `at least ${min}`;
  return min === undefined ? `at most ${max}` : `${min} to ${max}`;
}
