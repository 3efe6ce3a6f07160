// The rules of a text as far as they can be read: a mistake in one of them hides no other.

import { insertJsonItem, moveJsonItem, setJson } from '../../../shared/model/json/json-edit.ts';

export const rulesPath = ['celine', 'mqtt', 'acl', 'rules'] as const;

/** `rule` is what stands there, whatever it is. */
export type RuleRow = { readonly index: number; readonly rule: unknown };

/** Null where the text is no JSON, or has no list of rules. */
export function ruleRows(text: string): readonly RuleRow[] | null {
  try {
    const list = rulesPath.reduce<unknown>(member, JSON.parse(text));
    return Array.isArray(list) ? list.map((rule, index) => ({ index, rule })) : null;
  } catch {
    return null;
  }
}

export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

/** The names in a list; what is no name is left out. */
export const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

export const addRule = (text: string, index: number, rule: unknown): string =>
  insertJsonItem(text, rulesPath, index, rule);
export const removeRule = (text: string, index: number): string => setJson(text, [...rulesPath, index], undefined);
export const moveRule = (text: string, from: number, to: number): string => moveJsonItem(text, rulesPath, from, to);

/** All that rules and roles name, for suggestions. */
export function namesOf(rows: readonly RuleRow[], dimension: 'ids' | 'groups' | 'scopes'): readonly string[] {
  const names = rows.flatMap(({ rule }) => namesIn(member(member(rule, 'subjects'), dimension)));
  return [...new Set(names)].sort();
}

/** The rule that a dotted path of a finding is about, and what it says of it in words. */
export function placeOfField(field: string): { readonly rule: number | null; readonly words: string } {
  const prefix = `${rulesPath.join('.')}.`;
  if (!field.startsWith(prefix)) return { rule: null, words: field };
  const [index, ...rest] = field.slice(prefix.length).split('.');
  const rule = Number(index);
  const words = rest.map((part) => (/^\d+$/.test(part) ? `entry ${Number(part) + 1}` : part));
  return { rule, words: [`Rule ${rule + 1}`, ...words].join(', ') };
}
