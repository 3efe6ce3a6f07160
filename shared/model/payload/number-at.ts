import type { JsonValue } from './json.ts';

/**
 * The number at a JSON Pointer (RFC 6901), as `numericPaths` names it; undefined where there is none, or none that an
 * axis can hold.
 */
export function numberAt(value: JsonValue, path: readonly string[]): number | undefined {
  let part: JsonValue | undefined = value;
  for (const key of path) part = memberOf(part, key);
  return typeof part === 'number' && Number.isFinite(part) ? part : undefined;
}

/** The steps of a JSON Pointer. */
export const pointerSteps = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: JsonValue })[key] : undefined;
}
