// Finds levels and topics by a part of their name. Nodes are looked at in the order of their making, a slice at a time,
// so that the event loop goes on meanwhile, and what is new is found by going on from where the search stopped.
// What fits is shown with all that is below it, and with the branches that lead to it.

import type { OpenBranch } from './open-branches.ts';
import { wholeBranch } from './open-branches.ts';
import { type Listed, listedArray, type SortedChildren } from './sorted-children.ts';
import { compareLevels } from './topic-order.ts';
import type { TopicNode, TopicTree } from './topic-tree.ts';

export type TopicQuery = {
  /** A part of a topic, whatever its case. With a slash it is searched in whole topics, else in each level. */
  readonly text: string;
  /** Levels that fit besides, such as the identifiers of plants whose name fits. */
  readonly levels: readonly string[];
};

/** The clock is looked at this often. */
const nodesPerLook = 256;

/** A branch above something that was found. It counts its rows as they come, so that nobody ever adds them up. */
class LeadingBranch<Value> implements OpenBranch<Value> {
  rows = 0;
  readonly #node: TopicNode<Value>;
  readonly #search: TopicSearch<Value>;
  readonly #found: TopicNode<Value>[] = [];
  #ordered: readonly TopicNode<Value>[] = [];

  constructor(node: TopicNode<Value>, search: TopicSearch<Value>) {
    this.#node = node;
    this.#search = search;
  }

  add(child: TopicNode<Value>): void {
    this.#found.push(child);
  }

  /** Children keep their order, so they are put in order only when more were found. */
  get listed(): Listed<TopicNode<Value>> {
    const { children } = this.#node;
    if (children && children.size === this.#found.length) return children;
    if (this.#ordered.length !== this.#found.length) this.#ordered = this.#inOrder(children);
    return listedArray(this.#ordered);
  }

  below(child: TopicNode<Value>): OpenBranch<Value> | undefined {
    return child.children ? this.#search.branch(child) : undefined;
  }

  #inOrder(children: SortedChildren<TopicNode<Value>> | null): TopicNode<Value>[] {
    // Few of many are sorted; of many, it is quicker to go along the children, which are in order.
    if (!children || this.#found.length * 16 < children.size) {
      return [...this.#found].sort((a, b) => compareLevels(a.name, b.name));
    }
    const ordered: TopicNode<Value>[] = [];
    children.walk(0, (child) => {
      if (this.#search.isShown(child)) ordered.push(child);
      return ordered.length < this.#found.length;
    });
    return ordered;
  }
}

export class TopicSearch<Value> {
  readonly #tree: TopicTree<Value>;
  readonly #text: string;
  readonly #isOverLevels: boolean;
  readonly #levels: ReadonlySet<string>;
  /** What fits while no branch above it does. */
  readonly #fitting: TopicNode<Value>[] = [];
  /** Of those, by their id, the size that the tree had then, since later nodes are counted one by one; else 0. */
  #fittingSince: Uint32Array<ArrayBuffer>;
  /** By its id, 1 for a node that is shown without a branch above it that fits. */
  #shown: Uint8Array<ArrayBuffer>;
  readonly #leading = new Map<TopicNode<Value>, LeadingBranch<Value>>();
  readonly #nodesAtFirst: number;
  #next = 1;

  constructor(tree: TopicTree<Value>, { text, levels }: TopicQuery) {
    this.#tree = tree;
    this.#text = text.toLowerCase();
    this.#isOverLevels = text.includes('/');
    this.#levels = new Set(levels);
    this.#nodesAtFirst = tree.nodeCount;
    this.#fittingSince = new Uint32Array(tree.nodeCount);
    this.#shown = new Uint8Array(tree.nodeCount);
    this.#leading.set(tree.root, new LeadingBranch(tree.root, this));
  }

  get isDone(): boolean {
    return this.#next >= this.#tree.nodeCount;
  }

  /** Topics found so far. */
  get topicCount(): number {
    let count = 0;
    for (const node of this.#fitting) count += node.topicCount;
    return count;
  }

  /** Goes on for about `milliseconds`. */
  advance(milliseconds: number): void {
    const until = performance.now() + milliseconds;
    this.#makeRoom();
    while (!this.isDone && performance.now() < until) {
      const end = Math.min(this.#next + nodesPerLook, this.#tree.nodeCount);
      for (; this.#next < end; this.#next++) {
        const node = this.#tree.node(this.#next);
        if (node) this.#visit(node);
      }
    }
  }

  /** What was found so far below `node`. */
  branch(node: TopicNode<Value> = this.#tree.root): OpenBranch<Value> {
    return this.#leading.get(node) ?? wholeBranch(node);
  }

  isShown(node: TopicNode<Value>): boolean {
    return this.#shown[node.id] === 1;
  }

  /** For the nodes that came. */
  #makeRoom(): void {
    const { nodeCount } = this.#tree;
    if (nodeCount <= this.#shown.length) return;
    const room = nodeCount * 2;
    const since = new Uint32Array(room);
    since.set(this.#fittingSince);
    this.#fittingSince = since;
    const shown = new Uint8Array(room);
    shown.set(this.#shown);
    this.#shown = shown;
  }

  #visit(node: TopicNode<Value>): void {
    const fits = this.#fits(node);
    if (!fits && node.id < this.#nodesAtFirst) return;
    const above = this.#fittingAbove(node);
    if (above) {
      if (node.id >= (this.#fittingSince[above.id] ?? 0)) this.#addRows(above.parent, 1);
    } else if (fits) {
      this.#fitting.push(node);
      this.#fittingSince[node.id] = this.#tree.nodeCount;
      this.#include(node);
    }
  }

  #fittingAbove(node: TopicNode<Value>): TopicNode<Value> | null {
    for (let above = node.parent; above; above = above.parent) if (this.#fittingSince[above.id]) return above;
    return null;
  }

  #fits(node: TopicNode<Value>): boolean {
    if (this.#levels.size > 0 && this.#levels.has(node.name)) return true;
    return (this.#isOverLevels ? node.path : node.name).toLowerCase().includes(this.#text);
  }

  #include(found: TopicNode<Value>): void {
    let rows = 1 + found.nodeCount;
    for (let node = found; node.parent; node = node.parent) {
      const known = this.#leading.get(node.parent);
      const branch = known ?? new LeadingBranch(node.parent, this);
      branch.add(node);
      this.#shown[node.id] = 1;
      if (known) {
        this.#addRows(node.parent, rows);
        return;
      }
      this.#leading.set(node.parent, branch);
      branch.rows = rows;
      rows += 1;
    }
  }

  #addRows(from: TopicNode<Value> | null, rows: number): void {
    for (let node = from; node; node = node.parent) {
      const branch = this.#leading.get(node);
      if (branch) branch.rows += rows;
    }
  }
}
