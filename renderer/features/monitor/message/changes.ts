// What changed between two payloads, by the trees that they are shown as: numbers are compared by the digits that were
// sent, since JSON.parse takes two counters of 64 bits for one, and each of two members with one name is a member.

import type { ValueNode } from './value-tree.ts';

export type Change =
  | { readonly kind: 'added'; readonly path: string; readonly after: string }
  | { readonly kind: 'removed'; readonly path: string; readonly before: string }
  | { readonly kind: 'changed'; readonly path: string; readonly before: string; readonly after: string };

export type Changes = {
  readonly changes: readonly Change[];
  /** Whether there are more than `limit`: those are not listed. */
  readonly truncated: boolean;
};

/**
 * By JSON Pointer (RFC 6901), in the order of the document; what was and what is, as text of a few hundred characters.
 * Arrays are compared by position. Stops after `limit` changes and says so.
 */
export function changesBetween(before: ValueNode, after: ValueNode, limit: number): Changes {
  const changes: Change[] = [];
  const walk = (old: ValueNode, fresh: ValueNode): void => {
    if (old.kind !== fresh.kind || !isBranch(old)) {
      if (!isSameLeaf(old, fresh))
        changes.push({ kind: 'changed', path: fresh.path, before: textOf(old), after: textOf(fresh) });
      return;
    }
    const left = membersOf(old);
    const right = membersOf(fresh);
    for (const [key, member] of left) {
      if (changes.length > limit) return;
      const other = right.get(key);
      if (other) walk(member, other);
      else changes.push({ kind: 'removed', path: member.path, before: textOf(member) });
    }
    for (const [key, member] of right) {
      if (changes.length > limit) return;
      if (!left.has(key)) changes.push({ kind: 'added', path: member.path, after: textOf(member) });
    }
  };
  walk(before, after);
  return { changes: changes.slice(0, limit), truncated: changes.length > limit };
}

const isBranch = ({ kind }: ValueNode): boolean => kind === 'object' || kind === 'array';

/** The second member of one name is another one. */
function membersOf({ children }: ValueNode): Map<string, ValueNode> {
  const members = new Map<string, ValueNode>();
  const seen = new Map<string, number>();
  for (const child of children) {
    const name = child.key ?? '';
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    members.set(`${times} ${name}`, child);
  }
  return members;
}

const isSameLeaf = (old: ValueNode, fresh: ValueNode): boolean =>
  old.kind === fresh.kind &&
  (old.text === fresh.text ||
    (old.kind === 'number' &&
      Number(old.text) === Number(fresh.text) &&
      [old, fresh].every(({ text }) => digitsOf(text) <= exactDigits)));

/** A double tells any two numbers of so many digits apart. */
const exactDigits = 15;
const digitsOf = (number: string): number => (number.split(/e/i)[0] ?? '').replace(/\D/g, '').length;

const mostText = 300;

/** The value as JSON without white space, no more of it than is shown. */
function textOf(node: ValueNode): string {
  let text = '';
  const write = ({ kind, text: leaf, children }: ValueNode): void => {
    if (kind !== 'object' && kind !== 'array') {
      text += leaf;
      return;
    }
    text += kind === 'array' ? '[' : '{';
    for (const [i, child] of children.entries()) {
      if (text.length > mostText) return;
      if (i > 0) text += ',';
      if (kind === 'object') text += `${JSON.stringify(child.key)}:`;
      write(child);
    }
    text += kind === 'array' ? ']' : '}';
  };
  write(node);
  return text.length > mostText ? `${text.slice(0, mostText)}…` : text;
}
