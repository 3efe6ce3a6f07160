import type { JsonValue } from './json.ts';
import { childPointer, membersOf } from './pointer.ts';

export type NumericPath = { readonly path: string; readonly value: number };

/**
 * Every number of a value of at most `maxDepth` levels, by JSON Pointer (RFC 6901), in document order; what can be plotted.
 * At most `limit` of them: `truncated` tells whether there are more.
 */
export function numericPaths(value: JsonValue, limit = 1000): { paths: readonly NumericPath[]; truncated: boolean } {
  const paths: NumericPath[] = [];
  const walk = (path: string, part: JsonValue): void => {
    // JSON.parse reads 1e999 as Infinity, which no axis can hold.
    if (typeof part === 'number' && Number.isFinite(part)) paths.push({ path, value: part });
    for (const [key, member] of membersOf(part)) {
      if (paths.length > limit) return;
      walk(childPointer(path, key), member);
    }
  };
  walk('', value);
  return { paths: paths.slice(0, limit), truncated: paths.length > limit };
}
