import { IconChevronDown, IconChevronRight, IconClockOff, IconPin } from '@tabler/icons-react';
import { memo } from 'react';
import type { TopicRow } from '../../../shared/model/monitor.ts';
import classes from './TopicTree.module.css';
import { ageWords, countWords, edgeBlanks, rateWords } from './words.ts';

/** A value older than this is marked as stale instead of being shown as current. */
const staleAfterMs = 60_000;
/** Deeper levels are drawn no further to the right, or nothing would be left of them. */
const deepestIndent = 8;

type Props = {
  readonly id: string;
  readonly row: TopicRow;
  /** From the top of the tree, and high, in pixels. */
  readonly top: number;
  readonly height: number;
  /** How old its value is, to the second. */
  readonly ageMs: number;
  readonly plantName: string | null;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
};

/** One line of the tree: a branch with its counts, or a topic with its last value and its age. */
export const TopicRowView = memo(TopicLine, isDrawnAlike);

function TopicLine({ id, row, top, height, ageMs, plantName, isSelected, isCursor }: Props) {
  const { name, depth, value, isBranch, isOpen, topicCount, messageCount, rate, index, siblings } = row;
  const isStale = isStaleAt(row, ageMs);
  return (
    <div
      id={id}
      data-node={row.nodeId}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-posinset={index + 1}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-expanded={isBranch ? isOpen : undefined}
      className={classes.row}
      data-cursor={isCursor || undefined}
      data-stale={isStale || undefined}
      style={{ height, transform: `translateY(${top}px)`, paddingLeft: 8 + Math.min(depth, deepestIndent) * 20 }}
    >
      <span className={classes.chevron} data-chevron={isBranch || undefined}>
        {isBranch && (isOpen ? <IconChevronDown size={20} aria-hidden /> : <IconChevronRight size={20} aria-hidden />)}
      </span>
      <span className={classes.name} data-branch={isBranch || undefined}>
        {plantName ?? (name === '' ? <i>(empty level)</i> : <LevelName name={name} />)}
      </span>
      {plantName && <span className={classes.id}>{name.slice(0, 8)}</span>}
      {value && (
        <span className={classes.value}>
          <span className={classes.equals} aria-hidden>
            =
          </span>
          {value.preview || <i>(empty)</i>}
        </span>
      )}
      {isBranch && <span className={classes.counts}>{countWords(topicCount, messageCount)}</span>}
      <span className={classes.gap} />
      {value?.retained && (
        <span className={classes.mark}>
          <IconPin size={16} aria-hidden /> retained
        </span>
      )}
      {isStale && (
        <span className={classes.mark}>
          <IconClockOff size={16} aria-hidden /> stale
        </span>
      )}
      <span className={classes.rate}>{rateWords(rate)}</span>
      <span className={classes.age}>{value && ageWords(ageMs)}</span>
    </div>
  );
}

/** A blank at either end would not be seen. */
function LevelName({ name }: { name: string }) {
  const { before, middle, after } = edgeBlanks(name);
  return (
    <>
      {before > 0 && <Blanks count={before} />}
      {middle}
      {after > 0 && <Blanks count={after} />}
    </>
  );
}

const Blanks = ({ count }: { count: number }) => <span className={classes.blank}>{'␣'.repeat(count)}</span>;

/** A retained value is the last word of a plant that need not repeat it. */
const isStaleAt = ({ value }: TopicRow, ageMs: number): boolean =>
  value !== null && !value.retained && ageMs > staleAfterMs;

function isDrawnAlike(a: Props, b: Props): boolean {
  return (
    a.top === b.top &&
    a.height === b.height &&
    ageWords(a.ageMs) === ageWords(b.ageMs) &&
    isStaleAt(a.row, a.ageMs) === isStaleAt(b.row, b.ageMs) &&
    a.plantName === b.plantName &&
    a.isSelected === b.isSelected &&
    a.isCursor === b.isCursor &&
    a.id === b.id &&
    isSameRow(a.row, b.row)
  );
}

function isSameRow(a: TopicRow, b: TopicRow): boolean {
  return (
    a.nodeId === b.nodeId &&
    a.isOpen === b.isOpen &&
    a.isBranch === b.isBranch &&
    a.messageCount === b.messageCount &&
    a.topicCount === b.topicCount &&
    a.depth === b.depth &&
    a.index === b.index &&
    a.siblings === b.siblings &&
    rateWords(a.rate) === rateWords(b.rate) &&
    a.value?.preview === b.value?.preview &&
    a.value?.retained === b.value?.retained
  );
}
