// What this window looks at, kept for each broker, so that coming back to one finds its branches as they were.

import { maxLookRows, type TopicLook } from '../../../shared/model/monitor.ts';

export const firstLook: TopicLook = {
  firstRow: 0,
  rowCount: 60,
  query: '',
  levels: [],
  toggled: [],
  selected: null,
  isPaused: false,
};

/** Rows beyond those in sight, so that a turn of the wheel finds them there. */
const beyondSight = 24;

/** The rows to ask for when `inSight` of them are in sight from `topRow` on; unchanged while the last ones will do. */
export function rowsToAskFor(
  topRow: number,
  inSight: number,
  last: Pick<TopicLook, 'firstRow' | 'rowCount'>,
): Pick<TopicLook, 'firstRow' | 'rowCount'> {
  const margin = beyondSight / 3;
  const isCovered =
    (topRow - margin >= last.firstRow || last.firstRow === 0) &&
    topRow + inSight + margin <= last.firstRow + last.rowCount;
  if (isCovered && topRow >= last.firstRow) return last;
  return {
    firstRow: Math.max(0, topRow - beyondSight),
    rowCount: Math.min(maxLookRows, inSight + 2 * beyondSight),
  };
}

/** The branch the other way round. */
export const toggledWith = (toggled: readonly number[], nodeId: number): number[] =>
  toggled.includes(nodeId) ? toggled.filter((id) => id !== nodeId) : [...toggled, nodeId];
