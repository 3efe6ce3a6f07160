// Which branches are open, and how many rows that makes. Only open branches are ever visited, never the rows below
// them, so that a branch of a hundred thousand topics opens as fast as one of ten.

import type { Listed } from './sorted-children.ts';
import type { TopicNode, TopicTree } from './topic-tree.ts';

export type OpenBranch<Value> = {
  /** The children that are shown, in order. */
  readonly listed: Listed<TopicNode<Value>>;
  /** All rows below the branch. */
  readonly rows: number;
  /** Undefined for a child that is closed or has nothing below it. */
  below(child: TopicNode<Value>): OpenBranch<Value> | undefined;
};

/** Where a node is shown. */
export type RowPlace<Value> = {
  readonly node: TopicNode<Value>;
  readonly row: number;
  /** -1 at the first level. */
  readonly parentRow: number;
  /** Among its siblings that are shown, from 0. */
  readonly index: number;
  readonly siblings: number;
  readonly isOpen: boolean;
};

const nothingListed: Listed<never> = { size: 0, walk: () => {} };

/** The tree with the branches in `toggled` the other way round than they are at first; the root is always open. */
export function openBranches<Value>(tree: TopicTree<Value>, toggled: ReadonlySet<number>): OpenBranch<Value> {
  const openedByHand = new Map<TopicNode<Value>, TopicNode<Value>[]>();
  for (const id of toggled) {
    const node = tree.node(id);
    if (!node?.parent || node.isOpenAtFirst) continue;
    const siblings = openedByHand.get(node.parent);
    if (siblings) siblings.push(node);
    else openedByHand.set(node.parent, [node]);
  }
  const open = (node: TopicNode<Value>): OpenBranch<Value> => {
    const opened = new Map<TopicNode<Value>, OpenBranch<Value>>();
    let rows = node.children?.size ?? 0;
    const visit = (child: TopicNode<Value>) => {
      if (!child.children) return;
      const branch = open(child);
      opened.set(child, branch);
      rows += branch.rows;
    };
    for (const child of node.openAtFirst) if (!toggled.has(child.id)) visit(child);
    for (const child of openedByHand.get(node) ?? []) visit(child);
    return { listed: node.children ?? nothingListed, rows, below: (child) => opened.get(child) };
  };
  return open(tree.root);
}

/** A branch with everything below it open. */
export function wholeBranch<Value>(node: TopicNode<Value>): OpenBranch<Value> {
  return {
    listed: node.children ?? nothingListed,
    rows: node.nodeCount,
    below: (child) => (child.children ? wholeBranch(child) : undefined),
  };
}

/** `count` rows beginning with `first`. */
export function placesOf<Value>(root: OpenBranch<Value>, first: number, count: number): RowPlace<Value>[] {
  const places: RowPlace<Value>[] = [];
  const end = first + count;
  const list = (parent: OpenBranch<Value>, firstRow: number, parentRow: number): void => {
    const { listed, rows } = parent;
    const isFlat = rows === listed.size;
    const skipped = isFlat ? Math.max(0, first - firstRow) : 0;
    let row = firstRow + skipped;
    listed.walk(skipped, (node, index) => {
      if (row >= end) return false;
      const branch = isFlat ? undefined : parent.below(node);
      if (row >= first) {
        places.push({ node, row, parentRow, index, siblings: listed.size, isOpen: branch !== undefined });
      }
      const next = row + 1 + (branch?.rows ?? 0);
      if (branch && next > first) list(branch, row + 1, row);
      row = next;
      return true;
    });
  };
  list(root, 0, -1);
  return places;
}
