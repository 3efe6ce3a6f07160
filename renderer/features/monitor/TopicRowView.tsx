import { IconChevronDown, IconChevronRight, IconClockOff, IconPin } from '@tabler/icons-react';
import { span } from '../../ui/time.ts';
import classes from './LiveTopics.module.css';
import type { TopicRow } from './topic-tree.ts';

/** A value older than this is marked as stale instead of being shown as current. */
const staleAfterMs = 60_000;

const countWords = (topics: number, messages: number): string =>
  `(${topics} ${topics === 1 ? 'topic' : 'topics'}, ${messages} ${messages === 1 ? 'message' : 'messages'})`;

/** One line of the tree: a branch with its counts, or a topic with its last value and its age. */
export function TopicRowView({
  id,
  index,
  row: { node, isOpen },
  top,
  height,
  now,
  plantName,
  isSelected,
  isCursor,
}: {
  id: string;
  index: number;
  row: TopicRow;
  top: number;
  height: number;
  now: number;
  plantName: string | null;
  isSelected: boolean;
  isCursor: boolean;
}) {
  const { value, children, depth, topicCount, messageCount } = node;
  const isBranch = children.size > 0;
  const age = value ? now - Date.parse(value.receivedAt) : 0;
  // A retained value is the last word of a plant that need not repeat it.
  const isStale = value !== null && !value.retained && age > staleAfterMs;
  return (
    <div
      id={id}
      data-index={index}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={isSelected}
      aria-expanded={isBranch ? isOpen : undefined}
      className={classes.row}
      data-cursor={isCursor || undefined}
      data-stale={isStale || undefined}
      style={{ height, transform: `translateY(${top}px)`, paddingLeft: 8 + depth * 22 }}
    >
      <span className={classes.chevron} data-chevron={isBranch || undefined}>
        {isBranch && (isOpen ? <IconChevronDown size={20} aria-hidden /> : <IconChevronRight size={20} aria-hidden />)}
      </span>
      <span className={classes.name} data-long={(plantName ?? node.name).length > 24 || undefined} title={node.path}>
        {plantName ?? node.name}
      </span>
      {plantName && <span className={classes.id}>{node.name.slice(0, 8)}</span>}
      {isBranch && <span className={classes.dim}>{countWords(topicCount, messageCount)}</span>}
      {value && (
        <>
          <span className={classes.preview}>{value.preview}</span>
          {value.retained && <IconPin size={16} className={classes.mark} aria-label="retained" />}
          {isStale && <IconClockOff size={16} className={classes.mark} aria-label="stale" />}
          <span className={classes.age}>{span(age)}</span>
        </>
      )}
    </div>
  );
}
