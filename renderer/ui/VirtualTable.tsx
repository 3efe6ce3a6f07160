// A table that draws only the rows in sight. A row's first link covers the whole row, so that a click anywhere opens it.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import classes from './VirtualTable.module.css';

export type Column<Row> = {
  readonly name: string;
  /** A grid track, such as `2fr` or `140px`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are sorted by; a column without it cannot be sorted. */
  readonly sortBy?: (row: Row) => string;
};

export type Sorting = { readonly column: string; readonly isDescending: boolean };

/** The rows in the order that a sorting asks for; without one, as they came. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting | null) {
  const sortBy = columns.find(({ name }) => name === sorting?.column)?.sortBy;
  if (!sorting || !sortBy) return rows;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const direction = sorting.isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: sortBy(row) }))
    .sort((a, b) => direction * (a.key === b.key ? 0 : compare(a.key, b.key)))
    .map(({ row }) => row);
}

const rowHeight = 60;

export function VirtualTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  sorting,
  onSort,
  maxHeight,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting) => void;
  /** In pixels, for a table among other things; without it, the table fills what its parent leaves. */
  maxHeight?: number;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const gridTemplateColumns = columns.map(({ width }) => width).join(' ');
  return (
    <div ref={scroller} className={classes.scroller} style={{ maxHeight }}>
      <table aria-label={label} aria-rowcount={rows.length + 1} className={classes.table}>
        <thead className={classes.thead}>
          <tr aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns }}>
            {columns.map((column) => (
              <HeadCell key={column.name} column={column} sorting={sorting ?? null} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={keyOf(row)}
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ gridTemplateColumns, height: rowHeight, transform: `translateY(${start}px)` }}
              >
                {columns.map((column) => (
                  <td key={column.name} className={classes.cell}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell<Row>({
  column: { name, sortBy },
  sorting,
  onSort,
}: {
  column: Column<Row>;
  sorting: Sorting | null;
  onSort: ((sorting: Sorting) => void) | undefined;
}) {
  if (!sortBy || !onSort) {
    return (
      <th scope="col" className={classes.cell}>
        {name}
      </th>
    );
  }
  const isSorted = sorting?.column === name;
  const isDescending = isSorted && sorting.isDescending;
  return (
    <th scope="col" className={classes.cell} aria-sort={!isSorted ? 'none' : isDescending ? 'descending' : 'ascending'}>
      <button
        type="button"
        className={classes.sort}
        onClick={() => onSort({ column: name, isDescending: isSorted && !isDescending })}
      >
        {name}
        <span aria-hidden>{!isSorted ? '' : isDescending ? ' ▼' : ' ▲'}</span>
      </button>
    </th>
  );
}
