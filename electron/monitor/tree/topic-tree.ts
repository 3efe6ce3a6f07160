// The topics of one broker as a tree that counts as messages arrive, so that nobody ever has to add them up.
// - A topic has at most 65,535 bytes, which can be as many levels: beyond a limit, the rest of a topic is one level.
// - Nodes are never removed, and have numbers in the order of their making: a parent's is smaller than its children's.
// - Nothing here keeps or decodes a payload.

import { MessageRate } from './message-rate.ts';
import { SortedChildren } from './sorted-children.ts';

/** Levels of a topic that are branches of their own. */
export const maxLevels = 32;

/** So many children of a branch are open until the operator closes them; the many are closed. */
const openAtFirst = 12;
/** Open at first in the whole tree, so that the shape of strange topics cannot open a hundred thousand branches. */
const openAtFirstInTree = 2000;

const none: readonly never[] = [];

export class TopicNode<Value> {
  readonly id: number;
  readonly parent: TopicNode<Value> | null;
  /** The last level of its path. */
  readonly name: string;
  /** 0 for the first level of a topic, -1 for the root. */
  readonly depth: number;
  /** Decided once, so that nothing moves by itself. */
  readonly isOpenAtFirst: boolean;
  readonly rate = new MessageRate();
  children: SortedChildren<TopicNode<Value>> | null = null;
  /** Those of its children that are open at first. */
  openAtFirst: readonly TopicNode<Value>[] = none;
  /** What is kept of the topic that ends here. */
  value: Value | null = null;
  /** Topics here and below. */
  topicCount = 0;
  /** Messages here and below. */
  messageCount = 0;
  /** Nodes below. */
  nodeCount = 0;
  /** The first topic that led here; its beginning is the path. */
  readonly #topic: string;
  readonly #pathEnd: number;

  constructor(
    id: number,
    parent: TopicNode<Value> | null,
    topic: string,
    from: number,
    to: number,
    isOpenAtFirst: boolean,
  ) {
    this.id = id;
    this.parent = parent;
    this.name = topic.slice(from, to);
    this.depth = parent ? parent.depth + 1 : -1;
    this.isOpenAtFirst = isOpenAtFirst;
    this.#topic = topic;
    this.#pathEnd = to;
  }

  /** The topic up to here, `cpi/…/telemetry`. */
  get path(): string {
    return this.#topic.slice(0, this.#pathEnd);
  }
}

export class TopicTree<Value> {
  readonly root = new TopicNode<Value>(0, null, '', 0, 0, true);
  /** By their `id`. */
  readonly #nodes: TopicNode<Value>[] = [this.root];
  #openAtFirst = 0;

  /** Grows with every node. */
  get nodeCount(): number {
    return this.#nodes.length;
  }

  node(id: number): TopicNode<Value> | undefined {
    return this.#nodes[id];
  }

  /** How many nodes a new topic would add: its levels that no other topic has. */
  newLevels(topic: string): number {
    let node: TopicNode<Value> | undefined = this.root;
    let missing = 0;
    forEachLevel(topic, (from, to) => {
      node = node?.children?.find(topic.slice(from, to));
      if (!node) missing += 1;
    });
    return missing;
  }

  /** Adds a topic that is not there yet. */
  add(topic: string, value: Value): TopicNode<Value> {
    let node = this.root;
    forEachLevel(topic, (from, to) => {
      node = node.children?.find(topic.slice(from, to)) ?? this.#newChild(node, topic, from, to);
    });
    node.value = value;
    for (let at: TopicNode<Value> | null = node; at; at = at.parent) at.topicCount += 1;
    return node;
  }

  /** Counts a message of the topic that ends at `node`, at `now` in Unix milliseconds; one that the broker had kept says nothing about the rate. */
  count(node: TopicNode<Value>, isRetained: boolean, now: number): void {
    for (let at: TopicNode<Value> | null = node; at; at = at.parent) {
      at.messageCount += 1;
      if (!isRetained) at.rate.count(now);
    }
  }

  #newChild(parent: TopicNode<Value>, topic: string, from: number, to: number): TopicNode<Value> {
    parent.children ??= new SortedChildren();
    const isOpenAtFirst = parent.openAtFirst.length < openAtFirst && this.#openAtFirst < openAtFirstInTree;
    const child = new TopicNode(this.#nodes.length, parent, topic, from, to, isOpenAtFirst);
    this.#nodes.push(child);
    parent.children.insert(child);
    if (isOpenAtFirst) {
      parent.openAtFirst = [...parent.openAtFirst, child];
      this.#openAtFirst += 1;
    }
    for (let at: TopicNode<Value> | null = parent; at; at = at.parent) at.nodeCount += 1;
    return child;
  }
}

/** Calls back with the beginning and end of each level; the last one may hold more slashes. */
function forEachLevel(topic: string, visit: (from: number, to: number) => void): void {
  let from = 0;
  for (let level = 1; level < maxLevels; level++) {
    const slash = topic.indexOf('/', from);
    if (slash < 0) break;
    visit(from, slash);
    from = slash + 1;
  }
  visit(from, topic.length);
}
