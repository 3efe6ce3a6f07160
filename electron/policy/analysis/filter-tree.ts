// Many filters as one tree of levels that answers with all that fit, where topic-index.ts answers with the first.

class Node<T> {
  readonly children = new Map<string, Node<T>>();
  /** Of filters that end here. */
  readonly ends: T[] = [];
  /** Of filters that go on from here by `#`. */
  readonly hash: T[] = [];
}

/** Asked by the `filterLevels` of a valid filter. */
export class FilterTree<T> {
  readonly #root = new Node<T>();

  add(levels: readonly string[], entry: T): void {
    let node = this.#root;
    for (const level of levels) {
      if (level === '#') {
        node.hash.push(entry);
        return;
      }
      const child = node.children.get(level) ?? new Node<T>();
      node.children.set(level, child);
      node = child;
    }
    node.ends.push(entry);
  }

  /** Of all filters that cover all of this one; a topic name is the narrowest filter. */
  covering(levels: readonly string[]): T[] {
    const found: T[] = [];
    covering(this.#root, levels, 0, found);
    return found;
  }

  /** Of all filters that have a topic in common with this one. */
  overlapping(levels: readonly string[]): T[] {
    const found: T[] = [];
    overlapping(this.#root, levels, 0, found);
    return found;
  }
}

const startsDollar = (level: string | undefined, at: number): boolean => at === 0 && level?.startsWith('$') === true;

function push<T>(found: T[], more: readonly T[]): void {
  for (const entry of more) found.push(entry);
}

function covering<T>(node: Node<T>, levels: readonly string[], at: number, found: T[]): void {
  const level = levels[at];
  if (level === undefined) {
    push(found, node.ends);
    push(found, node.hash);
    return;
  }
  const isDollar = startsDollar(level, at);
  if (!isDollar) push(found, node.hash);
  if (level === '#') return;
  const same = node.children.get(level);
  if (same) covering(same, levels, at + 1, found);
  const plus = level === '+' || isDollar ? undefined : node.children.get('+');
  if (plus) covering(plus, levels, at + 1, found);
}

function overlapping<T>(node: Node<T>, levels: readonly string[], at: number, found: T[]): void {
  const level = levels[at];
  if (level === undefined) {
    push(found, node.ends);
    push(found, node.hash);
    return;
  }
  if (level === '#' && at > 0) {
    everything(node, found);
    return;
  }
  if (!startsDollar(level, at)) push(found, node.hash);
  for (const [name, child] of candidates(node, level)) {
    if (startsDollar(name, at) !== startsDollar(level, at)) continue;
    if (level === '#') everything(child, found);
    else overlapping(child, levels, at + 1, found);
  }
}

function everything<T>(node: Node<T>, found: T[]): void {
  push(found, node.ends);
  push(found, node.hash);
  for (const child of node.children.values()) everything(child, found);
}

function candidates<T>(node: Node<T>, level: string): Iterable<[string, Node<T>]> {
  if (level === '+' || level === '#') return node.children;
  const found: [string, Node<T>][] = [];
  for (const name of [level, '+']) {
    const child = node.children.get(name);
    if (child !== undefined) found.push([name, child]);
  }
  return found;
}
