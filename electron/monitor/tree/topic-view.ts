// What one window looks at. It costs what is in sight, whatever the broker's speed and the number of topics:
// rows are found by way of the open branches, and only those in sight are read.
// While paused, a row that was shown stays as it was shown; what the operator turns to then is read at that moment.

import type { TopicLook, TopicPicture, TopicRow } from '../../../shared/model/monitor.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import { payloadPreview } from '../payload-preview.ts';
import type { StoredValue, TopicStore } from '../topic-store.ts';
import { type OpenBranch, openBranches, placesOf, type RowPlace } from './open-branches.ts';
import { TopicSearch } from './topic-search.ts';
import type { TopicNode } from './topic-tree.ts';

type Node = TopicNode<StoredValue>;

const shownNameLength = 200;
/** Rows of a standing picture that are kept while the operator moves about in it. */
const maxStandingRows = 10_000;
const searchSliceMs = 8;

export class TopicView {
  readonly #store: TopicStore;
  readonly #stopListening: () => void;
  #look: TopicLook;
  #toggled: ReadonlySet<number>;
  #search: TopicSearch<StoredValue> | null = null;
  #open: { readonly branch: OpenBranch<StoredValue>; readonly nodeCount: number } | null = null;
  /** Messages of the topics that were shown last, to tell what was overtaken between two frames. */
  #shown = new Map<Node, number>();
  #standing: Map<Node, TopicRow> | null = null;
  /** Whether the last picture was one of a search that had ended. */
  #hasShownAll = true;
  #coalesced = 0;
  #hasChanged = true;
  #hasNewLook = true;
  #wake: () => void = () => {};

  constructor(store: TopicStore, look: TopicLook) {
    this.#store = store;
    this.#look = look;
    this.#toggled = new Set(look.toggled);
    this.#search = this.#newSearch();
    this.#stopListening = store.onChange(() => {
      if (this.#hasChanged) return;
      this.#hasChanged = true;
      this.#wake();
    });
  }

  /** Values of rows in sight that were overtaken before a frame showed them. */
  get coalesced(): number {
    return this.#coalesced;
  }

  /** Whether the operator turned to something since the last picture. */
  get hasNewLook(): boolean {
    return this.#hasNewLook;
  }

  look(look: TopicLook): void {
    const before = this.#look;
    this.#look = look;
    if (look.query !== before.query || look.levels.join('\n') !== before.levels.join('\n')) {
      this.#search = this.#newSearch();
      this.#open = null;
    }
    if (look.toggled.join() !== before.toggled.join()) {
      this.#toggled = new Set(look.toggled);
      this.#open = null;
    }
    if (!look.isPaused) this.#standing = null;
    this.#hasNewLook = true;
    this.#wake();
  }

  /** Resolves at a change or a new look, at once if there was one since the last picture, or after `milliseconds`. */
  async changed(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#hasChanged && !this.#hasNewLook) await this.#woken(milliseconds, signal);
  }

  /** Resolves at a new look, or after `milliseconds`. */
  async turned(milliseconds: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !signal.aborted && !this.#hasNewLook; left = until - performance.now()) {
      await this.#woken(left, signal);
    }
  }

  /** Goes on with the search for a moment; true when there is nothing more to search, or something else is wanted. */
  advance(): boolean {
    if (!this.#search || this.#search.isDone) return true;
    this.#search.advance(searchSliceMs);
    this.#open = null;
    return this.#search.isDone;
  }

  /** The rows in sight as they are now, `now` in Unix milliseconds; null when the picture stands still. */
  picture(now: number): TopicPicture | null {
    const { isPaused, firstRow, rowCount, selected } = this.#look;
    const isTurning = this.#hasNewLook;
    this.#hasNewLook = false;
    this.#hasChanged = false;
    if (isPaused && this.#standing && !isTurning && this.#hasShownAll) return null;
    this.#hasShownAll = this.#search?.isDone ?? true;
    if (isPaused) this.#standing ??= new Map();
    const branch = this.#openBranches();
    const first = Math.max(0, Math.min(firstRow, branch.rows - rowCount));
    const shown = new Map<Node, number>();
    const rows = placesOf(branch, first, rowCount).map((place) => this.#row(place, shown, now));
    this.#shown = shown;
    return {
      firstRow: first,
      rows,
      totalRows: branch.rows,
      found: this.#search && { topics: this.#search.topicCount, isDone: this.#search.isDone },
      selectedMessages: (selected === null ? null : this.#store.tree.node(selected)?.value?.messageCount) ?? null,
    };
  }

  close(): void {
    this.#stopListening();
  }

  #newSearch(): TopicSearch<StoredValue> | null {
    const { query: text, levels } = this.#look;
    return text === '' ? null : new TopicSearch(this.#store.tree, { text, levels });
  }

  #openBranches(): OpenBranch<StoredValue> {
    const { tree } = this.#store;
    if (!this.#open || this.#open.nodeCount !== tree.nodeCount) {
      const branch = this.#search?.branch() ?? openBranches(tree, this.#toggled);
      this.#open = { branch, nodeCount: tree.nodeCount };
    }
    return this.#open.branch;
  }

  #row(place: RowPlace<StoredValue>, shown: Map<Node, number>, now: number): TopicRow {
    const { node } = place;
    const before = this.#shown.get(node);
    const standing = this.#standing?.get(node);
    if (standing) {
      if (before !== undefined) shown.set(node, before);
      return { ...standing, ...placeOf(place) };
    }
    const messages = node.value?.messageCount;
    if (messages !== undefined) {
      shown.set(node, messages);
      if (before !== undefined && messages > before + 1) this.#coalesced += messages - before - 1;
    }
    const row = { ...placeOf(place), ...contentOf(node, now) };
    if (this.#standing && this.#standing.size < maxStandingRows) this.#standing.set(node, row);
    return row;
  }

  #woken(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal.addEventListener('abort', wake);
      this.#wake = wake;
      if (signal.aborted) wake();
    });
  }
}

const placeOf = ({ node, parentRow, index, siblings, isOpen }: RowPlace<StoredValue>) => ({
  depth: node.depth,
  parentRow,
  index,
  siblings,
  isBranch: node.children !== null,
  isOpen,
});

function contentOf(node: Node, now: number) {
  const { id, name, topicCount, messageCount, value } = node;
  return {
    nodeId: id,
    name: visibleText(name.length > shownNameLength ? `${name.slice(0, shownNameLength)}…` : name),
    topicCount,
    messageCount,
    rate: node.rate.perSecond(now),
    value: value && {
      preview: payloadPreview(value.payload),
      payloadBytes: value.payloadBytes,
      retained: value.retained,
      receivedAt: value.receivedAt,
    },
  };
}
