// Only the cells in sight are drawn, in both directions. A cell says by its letters what is allowed; colours only help.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { type PolicySubject, policyActions } from '../../../../shared/model/policy.ts';
import type { PolicyMatrix } from '../../../../shared/model/policy-analysis.ts';
import { actionWords, subjectWords } from '../words.ts';
import classes from './Matrix.module.css';

const rowHeight = 52;
const columnWidth = 150;
const headHeight = 92;
const nameWidth = 240;

export function MatrixGrid({
  matrix: { subjects, topics, allowed, unnamed, alike },
  onAsk,
}: {
  matrix: PolicyMatrix;
  onAsk: (subject: PolicySubject, filter: string, topic: string, isSubscribe: boolean) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const getScrollElement = () => scroller.current;
  const rows = useVirtualizer({
    count: subjects.length,
    getScrollElement,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headHeight,
  });
  const columns = useVirtualizer({
    count: topics.length,
    getScrollElement,
    estimateSize: () => columnWidth,
    horizontal: true,
    overscan: 3,
    scrollMargin: nameWidth,
  });
  const shownColumns = columns.getVirtualItems();
  return (
    <div ref={scroller} className={classes.scroller}>
      <table
        className={classes.table}
        aria-label="Subjects by topics"
        aria-rowcount={subjects.length + 1}
        aria-colcount={topics.length + 1}
        style={{ height: rows.getTotalSize() + headHeight, width: columns.getTotalSize() + nameWidth }}
      >
        <thead className={classes.thead} style={{ height: headHeight }}>
          <tr aria-rowindex={1} className={classes.headRow}>
            <th scope="col" className={classes.corner} style={{ width: nameWidth }}>
              Who
            </th>
            {shownColumns.map(({ index, start }) => (
              <th
                key={index}
                scope="col"
                aria-colindex={index + 2}
                className={classes.topic}
                title={topics[index]?.filter}
                style={{ left: start, width: columnWidth }}
              >
                <span className={classes.clamp}>
                  <Breakable filter={topics[index]?.filter ?? ''} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={classes.body}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const subject = subjects[index];
            if (!subject) return null;
            const words = subjectWords(subject, unnamed, alike);
            return (
              <tr
                key={index}
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ height: rowHeight, transform: `translateY(${start - headHeight}px)` }}
              >
                <th scope="row" className={classes.subject} style={{ width: nameWidth }} title={words}>
                  <span className={classes.clamp}>{words}</span>
                </th>
                {shownColumns.map((column) => {
                  const topic = topics[column.index];
                  const bits = allowed[index]?.[column.index] ?? 0;
                  if (!topic) return null;
                  return (
                    <td
                      key={column.index}
                      aria-colindex={column.index + 2}
                      className={classes.cell}
                      style={{ left: column.start, width: columnWidth, height: rowHeight - 1 }}
                    >
                      <button
                        type="button"
                        className={classes.ask}
                        data-allowed={bits !== 0}
                        onClick={() => onAsk(subject, topic.filter, topic.topic, bits === 0 || (bits & 1) === 1)}
                      >
                        <Letters bits={bits} />
                        <span className="visually-hidden">
                          {words}, {topic.filter}
                        </span>
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A filter that breaks after its slashes before it breaks anywhere else. */
function Breakable({ filter }: { filter: string }) {
  const slash = filter.indexOf('/') + 1;
  if (slash === 0) return filter;
  return (
    <>
      {filter.slice(0, slash)}
      <wbr />
      <Breakable filter={filter.slice(slash)} />
    </>
  );
}

function Letters({ bits }: { bits: number }) {
  if (bits === 0)
    return (
      <span className={classes.none}>
        —<span className="visually-hidden">nothing: </span>
      </span>
    );
  return policyActions.map((action, at) => {
    const isAllowed = (bits & (1 << at)) !== 0;
    return (
      <span key={action} className={isAllowed ? classes.yes : classes.no} aria-hidden={!isAllowed}>
        {isAllowed ? actionWords[action][0] : '·'}
      </span>
    );
  });
}
