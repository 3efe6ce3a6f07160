// The tree as a list of rows in sight. One element has the focus and the arrow keys move within it (WAI-ARIA tree pattern),
// so that some thousand topics are still one stop of the tab key.

import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useNow } from '../../ui/time.ts';
import { Dropped } from './Dropped.tsx';
import { rowsToAskFor } from './look.ts';
import { NothingHeard } from './NothingHeard.tsx';
import { TopicRowView } from './TopicRowView.tsx';
import classes from './TopicTree.module.css';
import { useTreeCursor } from './use-tree-cursor.ts';
import { amount } from './words.ts';

const rowHeight = 44;
/** Browsers draw no higher element whole (Chromium: 33,554,428 px; Firefox: 17,895,698 px). */
const maxRows = Math.floor(17_000_000 / rowHeight);

export function TopicTreeView() {
  const { monitor, plants } = useConsole();
  const picture = useStore(monitor, (state) => state.picture);
  const look = useStore(monitor, (state) => state.look);
  const brokerId = useStore(monitor, (state) => state.brokerId);
  const clockAhead = useStore(monitor, (state) => state.clockAhead);
  const register = useStore(plants, (state) => state.register);
  const { select, toggle, search } = monitor.getState();
  const scroller = useRef<HTMLDivElement>(null);
  const cursor = useTreeCursor(picture);
  const now = useNow(1000) + clockAhead;
  const names = useMemo(
    () => new Map((readyValue(register)?.items ?? []).map(({ plantId, name }) => [String(plantId), name])),
    [register],
  );
  const { onScroll, showRow } = useRowsInSight(scroller, picture.totalRows > 0);

  const isSearching = look.query !== '';
  const moveTo = (row: number) => {
    cursor.moveTo(row);
    showRow(Math.max(0, Math.min(picture.totalRows - 1, row)));
  };
  const rowsOnPage = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
  const activate = () => {
    if (cursor.at?.value) select(cursor.at.nodeId);
    else if (cursor.at && !isSearching) toggle(cursor.at.nodeId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { at, row } = cursor;
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(row + 1),
      ArrowUp: () => moveTo(row - 1),
      PageDown: () => moveTo(row + rowsOnPage()),
      PageUp: () => moveTo(row - rowsOnPage()),
      Home: () => moveTo(0),
      End: () => moveTo(picture.totalRows - 1),
      ArrowRight: () => (at?.isBranch && !at.isOpen ? toggle(at.nodeId) : moveTo(row + 1)),
      ArrowLeft: () => (at?.isOpen && !isSearching ? toggle(at.nodeId) : moveTo(at?.parentRow ?? 0)),
      Enter: activate,
      ' ': activate,
    };
    const move = moves[event.key];
    if (!move) return;
    move();
    event.preventDefault();
  };
  const onClick = ({ target }: MouseEvent) => {
    if (!(target instanceof Element)) return;
    const nodeId = Number(target.closest('[data-node]')?.getAttribute('data-node') ?? -1);
    const index = picture.rows.findIndex((row) => row.nodeId === nodeId);
    const row = picture.rows[index];
    if (!row) return;
    cursor.moveTo(picture.firstRow + index);
    if (row.value && !target.closest('[data-chevron]')) select(row.nodeId);
    else if (!isSearching) toggle(row.nodeId);
  };

  return (
    <section className={classes.tree} aria-label="Topics">
      {picture.totalRows === 0 ? (
        isSearching ? (
          <EmptyState
            icon={IconFilterOff}
            title={picture.found?.isDone === false ? 'Searching' : 'No topic fits the search'}
            action={<Button onClick={() => search('', [])}>Show all topics</Button>}
          />
        ) : (
          <NothingHeard />
        )
      ) : (
        <div
          // Another broker or another search begins at its first row.
          key={`${brokerId} ${look.query}`}
          ref={scroller}
          className={classes.rows}
          role="tree"
          aria-label="Topic tree"
          tabIndex={0}
          aria-activedescendant={cursor.nodeId === null ? undefined : rowId(cursor.nodeId)}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onScroll={onScroll}
          onFocus={() => cursor.row < 0 && cursor.moveTo(Math.ceil((scroller.current?.scrollTop ?? 0) / rowHeight))}
        >
          <div className={classes.height} style={{ height: Math.min(picture.totalRows, maxRows) * rowHeight }}>
            {picture.rows.map((row, index) => (
              <TopicRowView
                key={row.nodeId}
                id={rowId(row.nodeId)}
                row={row}
                top={(picture.firstRow + index) * rowHeight}
                height={rowHeight}
                ageMs={row.value ? Math.max(0, now - row.value.receivedAt) : 0}
                plantName={names.get(row.name) ?? null}
                isSelected={row.nodeId === look.selected}
                isCursor={row.nodeId === cursor.nodeId}
              />
            ))}
          </div>
        </div>
      )}
      {picture.found && picture.totalRows > 0 && (
        <p className={classes.found} aria-live="polite">
          {amount(picture.found.topics, 'topic fits', 'topics fit')} the search
          {picture.found.isDone ? '' : ' so far'}
          {picture.totalRows > maxRows && `; the first ${amount(maxRows, 'row is', 'rows are')} shown`}
        </p>
      )}
      <Dropped />
    </section>
  );
}

const rowId = (nodeId: number): string => `topic-${nodeId}`;

/** Tells the console which rows are in sight, as they change by scrolling and by the size of the window. */
function useRowsInSight(scroller: RefObject<HTMLDivElement | null>, isDrawn: boolean) {
  const { monitor } = useConsole();
  const tell = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { look, scroll } = monitor.getState();
    const topRow = Math.floor(element.scrollTop / rowHeight);
    const rows = rowsToAskFor(topRow, Math.ceil(element.clientHeight / rowHeight) + 1, look);
    if (rows !== look) scroll(rows);
  }, [monitor, scroller]);
  useEffect(() => {
    if (!isDrawn || !scroller.current) return;
    const observer = new ResizeObserver(tell);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [isDrawn, scroller, tell]);
  return {
    onScroll: tell,
    /** Scrolls as little as brings the row into sight. */
    showRow: (row: number) => {
      const element = scroller.current;
      if (!element) return;
      const top = row * rowHeight;
      const bottom = top + rowHeight - element.clientHeight;
      if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < bottom) element.scrollTop = bottom;
    },
  };
}
