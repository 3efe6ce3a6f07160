// Paths into a payload are JSON Pointers (RFC 6901): unambiguous whatever the keys hold.

import type { JsonValue } from './json.ts';

/** The pointer of the member `key` of the value at `parent`. */
export const childPointer = (parent: string, key: string | number): string =>
  `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Members of an object or array by key; nothing for the other values. */
export function membersOf(value: JsonValue): readonly (readonly [string, JsonValue])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
