// The tree as a list of rows in sight. One element has the focus and the arrow keys move within it (WAI-ARIA tree pattern),
// so that some thousand topics are still one stop of the tab key.

import { Button, TextInput } from '@mantine/core';
import { IconBroadcastOff, IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useNow } from '../../ui/time.ts';
import classes from './LiveTopics.module.css';
import { TopicRowView } from './TopicRowView.tsx';
import type { TopicNode, TopicRow } from './topic-tree.ts';

const rowHeight = 44;

export function TopicTreeView() {
  const { monitor, plants } = useConsole();
  const topics = useStore(monitor, (state) => state.topics);
  const selected = useStore(monitor, (state) => state.selectedTopic);
  const connection = useStore(monitor, (state) => state.connection.state);
  const select = useStore(monitor, (state) => state.select);
  const register = useStore(plants, (state) => state.register);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(1000);

  const names = useMemo(
    () => new Map((readyValue(register)?.items ?? []).map(({ plantId, name }) => [String(plantId), name])),
    [register],
  );
  const rows = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const matches = ({ path, name }: TopicNode) =>
      path.toLowerCase().includes(wanted) || (names.get(name)?.toLowerCase().includes(wanted) ?? false);
    return topics.tree.rows(toggled, wanted ? matches : null);
  }, [topics, toggled, query, names]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });

  const toggle = (path: string) => {
    const changed = new Set(toggled);
    if (!changed.delete(path)) changed.add(path);
    setToggled(changed);
  };
  const activate = ({ node }: TopicRow) => {
    setCursor(node.path);
    if (node.value) select(node.path);
    else toggle(node.path);
  };
  const moveTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setCursor(row.node.path);
    virtualizer.scrollToIndex(rows.indexOf(row));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ node }) => node.path === cursor);
    const row = rows[at];
    switch (event.key) {
      case 'ArrowDown':
        moveTo(at + 1);
        break;
      case 'ArrowUp':
        moveTo(at - 1);
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row && row.node.children.size > 0 && !row.isOpen) toggle(row.node.path);
        else moveTo(at + 1);
        break;
      case 'ArrowLeft':
        if (row?.isOpen) toggle(row.node.path);
        else moveTo(rows.findLastIndex(({ node }, i) => i < at && node.depth < (row?.node.depth ?? 0)));
        break;
      case 'Enter':
      case ' ':
        if (row) activate(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const onClick = ({ target }: MouseEvent) => {
    if (!(target instanceof Element)) return;
    const index = target.closest('[data-index]')?.getAttribute('data-index');
    const row = rows[Number(index ?? -1)];
    if (!row) return;
    if (target.closest('[data-chevron]')) toggle(row.node.path);
    else activate(row);
  };

  return (
    <section className={classes.tree} aria-label="Topics">
      <TextInput
        className={classes.search}
        aria-label="Search topics and plant names"
        placeholder="Search topics and plant names"
        leftSection={<IconSearch size={20} aria-hidden />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {rows.length === 0 ? (
        query ? (
          <EmptyState
            icon={IconFilterOff}
            title="No topic fits the search"
            action={<Button onClick={() => setQuery('')}>Show all topics</Button>}
          />
        ) : (
          <EmptyState
            icon={IconBroadcastOff}
            title={connection === 'connected' ? 'Nothing heard yet' : 'Not listening'}
          >
            {connection === 'connected'
              ? 'Topics appear as soon as a plant publishes.'
              : '“Connect” listens with the console’s own identity; plants do not notice.'}
          </EmptyState>
        )
      ) : (
        <div
          ref={scroller}
          className={classes.rows}
          role="tree"
          aria-label="Topic tree"
          tabIndex={0}
          aria-activedescendant={cursor === null ? undefined : rowId(cursor)}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onFocus={() => cursor === null && setCursor(rows[0]?.node.path ?? null)}
        >
          <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const row = rows[index];
              return (
                row && (
                  <TopicRowView
                    key={row.node.path}
                    id={rowId(row.node.path)}
                    index={index}
                    row={row}
                    top={start}
                    height={rowHeight}
                    now={now}
                    plantName={names.get(row.node.name) ?? null}
                    isSelected={row.node.path === selected}
                    isCursor={row.node.path === cursor}
                  />
                )
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

const rowId = (path: string): string => `topic:${path}`;
