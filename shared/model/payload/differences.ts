import type { JsonValue } from './json.ts';
import { childPointer, membersOf } from './pointer.ts';

export type Difference =
  | { readonly kind: 'added'; readonly path: string; readonly after: JsonValue }
  | { readonly kind: 'removed'; readonly path: string; readonly before: JsonValue }
  | { readonly kind: 'changed'; readonly path: string; readonly before: JsonValue; readonly after: JsonValue };

export type Differences = {
  readonly differences: readonly Difference[];
  /** Whether there are more than `limit`: those are not listed. */
  readonly truncated: boolean;
};

const shape = (value: JsonValue): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/**
 * What changed between two values of at most `maxDepth` levels, by JSON Pointer (RFC 6901), in document order.
 * Arrays are compared by position. Stops after `limit` differences and says so.
 */
export function differencesBetween(before: JsonValue, after: JsonValue, limit = 1000): Differences {
  const differences: Difference[] = [];
  const walk = (path: string, old: JsonValue, fresh: JsonValue): void => {
    if (differences.length > limit || Object.is(old, fresh)) return;
    const kind = shape(old);
    if (kind !== shape(fresh) || (kind !== 'object' && kind !== 'array')) {
      differences.push({ kind: 'changed', path, before: old, after: fresh });
      return;
    }
    const left = new Map(membersOf(old));
    const right = new Map(membersOf(fresh));
    for (const [key, value] of left) {
      const other = right.get(key);
      if (other === undefined) differences.push({ kind: 'removed', path: childPointer(path, key), before: value });
      else walk(childPointer(path, key), value, other);
      if (differences.length > limit) return;
    }
    for (const [key, value] of right) {
      if (!left.has(key)) differences.push({ kind: 'added', path: childPointer(path, key), after: value });
      if (differences.length > limit) return;
    }
  };
  walk('', before, after);
  return { differences: differences.slice(0, limit), truncated: differences.length > limit };
}
