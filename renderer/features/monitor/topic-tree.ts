// The topics of one broker as a tree that is changed in place: a frame touches only the branches it names,
// and a screen asks for the rows it shows. Some thousand topics must not cost a frame of the screen.

import type { TopicValue } from '../../../shared/model/monitor.ts';

export type TopicNode = {
  /** The topic up to here, `cpi/…/telemetry`. */
  readonly path: string;
  /** Its last level. */
  readonly name: string;
  readonly depth: number;
  readonly children: Map<string, TopicNode>;
  /** Whether the branch is open until the operator says otherwise; decided once, so that nothing moves by itself. */
  readonly isOpenAtFirst: boolean;
  value: TopicValue | null;
  /** Topics and messages here and below. */
  topicCount: number;
  messageCount: number;
  sortedChildren: readonly TopicNode[] | null;
};

export type TopicRow = { readonly node: TopicNode; readonly isOpen: boolean };

const siblingsOpenAtFirst = 12;

const byName = new Intl.Collator('en', { numeric: true }).compare;

const newNode = (path: string, name: string, depth: number, siblings: number): TopicNode => ({
  path,
  name,
  depth,
  children: new Map(),
  isOpenAtFirst: depth === 0 || siblings < siblingsOpenAtFirst,
  value: null,
  topicCount: 0,
  messageCount: 0,
  sortedChildren: null,
});

function childrenOf(node: TopicNode): readonly TopicNode[] {
  node.sortedChildren ??= [...node.children.values()].sort((a, b) => byName(a.name, b.name));
  return node.sortedChildren;
}

export class TopicTree {
  #root = newNode('', '', -1, 0);

  clear(): void {
    this.#root = newNode('', '', -1, 0);
  }

  /** Writes the newest values into the tree. */
  apply(values: Iterable<TopicValue>): void {
    for (const value of values) this.#put(value);
  }

  /** The node of a topic or a branch, or null. */
  find(path: string): TopicNode | null {
    let node: TopicNode | undefined = this.#root;
    for (const level of path.split('/')) node = node?.children.get(level);
    return node ?? null;
  }

  /**
   * What a screen shows, from top to bottom. `toggled` holds the branches that the operator opened or closed;
   * with `matches`, only what matches stays, with the branches that lead to it, all open.
   */
  rows(toggled: ReadonlySet<string>, matches: ((node: TopicNode) => boolean) | null): TopicRow[] {
    const rows: TopicRow[] = [];
    const visit = (node: TopicNode, isWithinMatch: boolean): boolean => {
      const isMatch = isWithinMatch || matches?.(node) === true;
      const isOpen = matches !== null || toggled.has(node.path) !== node.isOpenAtFirst;
      const at = rows.push({ node, isOpen: isOpen && node.children.size > 0 }) - 1;
      let isShown = matches === null || isMatch;
      if (isOpen) for (const child of childrenOf(node)) isShown = visit(child, isMatch) || isShown;
      if (!isShown) rows.length = at;
      return isShown;
    };
    for (const child of childrenOf(this.#root)) visit(child, false);
    return rows;
  }

  #put(value: TopicValue): void {
    const path = [this.#root];
    let node = this.#root;
    for (const name of value.topic.split('/')) {
      node = this.#child(node, name);
      path.push(node);
    }
    const newTopics = node.value === null ? 1 : 0;
    const newMessages = value.messageCount - (node.value?.messageCount ?? 0);
    node.value = value;
    for (const branch of path) {
      branch.topicCount += newTopics;
      branch.messageCount += newMessages;
    }
  }

  #child(parent: TopicNode, name: string): TopicNode {
    const known = parent.children.get(name);
    if (known) return known;
    const path = parent.depth < 0 ? name : `${parent.path}/${name}`;
    const child = newNode(path, name, parent.depth + 1, parent.children.size);
    parent.children.set(name, child);
    parent.sortedChildren = null;
    return child;
  }
}
