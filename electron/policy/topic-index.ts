// Many filters as one tree of levels, so that a question costs by the depth of a topic and not by the number of rules.
// Where several filters answer, the one of the first rule counts.

import { filterLevels } from './filters.ts';

class Node {
  readonly children = new Map<string, Node>();
  /** The first rule with a filter that ends here. */
  ends = Infinity;
  /** The first rule with a filter that goes on from here by `#`. */
  hash = Infinity;
  /** The first rule with a filter that ends anywhere from here on. */
  any = Infinity;
}

/** Asked by the `filterLevels` of a valid filter, it answers with a rule's number, or Infinity where none fits. */
export class TopicIndex {
  readonly #root = new Node();

  add(filter: string, rule: number): void {
    let node = this.#root;
    node.any = Math.min(node.any, rule);
    for (const level of filterLevels(filter)) {
      if (level === '#') {
        node.hash = Math.min(node.hash, rule);
        return;
      }
      const child = node.children.get(level) ?? new Node();
      node.children.set(level, child);
      node = child;
      node.any = Math.min(node.any, rule);
    }
    node.ends = Math.min(node.ends, rule);
  }

  /** The first rule with one filter that covers all of this one; a topic name is the narrowest filter. */
  covering(levels: readonly string[]): number {
    return covering(this.#root, levels, 0);
  }

  /** The first rule with a filter that has a topic in common with this one. */
  overlapping(levels: readonly string[]): number {
    return overlapping(this.#root, levels, 0);
  }
}

const startsDollar = (level: string | undefined, at: number): boolean => at === 0 && level?.startsWith('$') === true;

function covering(node: Node, levels: readonly string[], at: number): number {
  const level = levels[at];
  if (level === undefined) return Math.min(node.ends, node.hash);
  const isDollar = startsDollar(level, at);
  let first = isDollar ? Infinity : node.hash;
  if (level === '#') return first;
  const same = node.children.get(level);
  if (same !== undefined && same.any < first) first = Math.min(first, covering(same, levels, at + 1));
  const plus = level === '+' || isDollar ? undefined : node.children.get('+');
  if (plus !== undefined && plus.any < first) first = Math.min(first, covering(plus, levels, at + 1));
  return first;
}

function overlapping(node: Node, levels: readonly string[], at: number): number {
  const level = levels[at];
  if (level === undefined) return Math.min(node.ends, node.hash);
  let first = startsDollar(level, at) ? Infinity : node.hash;
  if (level === '#' && at > 0) return node.any;
  for (const [name, child] of candidates(node, level)) {
    const isApart = startsDollar(name, at) !== startsDollar(level, at);
    if (isApart || child.any >= first) continue;
    first = Math.min(first, level === '#' ? child.any : overlapping(child, levels, at + 1));
  }
  return first;
}

function candidates(node: Node, level: string): Iterable<[string, Node]> {
  if (level === '+' || level === '#') return node.children;
  const found: [string, Node][] = [];
  for (const name of [level, '+']) {
    const child = node.children.get(name);
    if (child !== undefined) found.push([name, child]);
  }
  return found;
}
