import { ActionIcon } from '@mantine/core';
import { IconChartLine, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { amount } from '../words.ts';
import classes from './ValueTree.module.css';
import { type ValueNode, type ValueRow, valueRows } from './value-tree.ts';

const rowHeight = 32;
/** Of the lines in sight, in pixels. */
const mostHeight = 420;

/** A value as lines that open and close; a number can be put on the plot. */
export function ValueTree({
  root,
  plotted,
  onPlot,
}: {
  root: ValueNode;
  plotted: ReadonlySet<string>;
  onPlot: (path: string) => void;
}) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => valueRows(root, toggled), [root, toggled]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const toggle = (path: string) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="tree"
      aria-label="Payload"
      style={{ height: Math.min(mostHeight, rows.length * rowHeight + 14) }}
    >
      <div className={classes.lines} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <ValueLine
                // A key may occur twice in its object.
                key={`${index}:${row.node.path}`}
                row={row}
                top={start}
                isPlotted={plotted.has(row.node.path)}
                onToggle={toggle}
                onPlot={onPlot}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function ValueLine({
  row: { node, depth, isOpen },
  top,
  isPlotted,
  onToggle,
  onPlot,
}: {
  row: ValueRow;
  top: number;
  isPlotted: boolean;
  onToggle: (path: string) => void;
  onPlot: (path: string) => void;
}) {
  const isBranch = node.kind === 'object' || node.kind === 'array';
  const name = node.key === null ? '' : visibleText(node.key);
  return (
    <div
      className={classes.line}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={false}
      aria-expanded={node.children.length > 0 ? isOpen : undefined}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 4 + depth * 18 }}
    >
      {node.children.length > 0 ? (
        <button type="button" className={classes.branch} onClick={() => onToggle(node.path)}>
          {isOpen ? <IconChevronDown size={18} aria-hidden /> : <IconChevronRight size={18} aria-hidden />}
          <span className={classes.key}>{name || (node.kind === 'array' ? 'list' : 'object')}</span>
          <span className={classes.size}>
            {node.kind === 'array'
              ? amount(node.children.length, 'item', 'items')
              : amount(node.children.length, 'member', 'members')}
          </span>
        </button>
      ) : (
        <span className={classes.leaf}>
          {name && <span className={classes.key}>{name}</span>}
          <span className={classes.value} data-kind={node.kind}>
            {isBranch ? (node.kind === 'array' ? '[]' : '{}') : node.text}
          </span>
        </span>
      )}
      {node.kind === 'number' && (
        <ActionIcon
          className={classes.plot}
          variant={isPlotted ? 'filled' : 'subtle'}
          aria-pressed={isPlotted}
          aria-label={`Plot ${name || 'the value'}`}
          onClick={() => onPlot(node.path)}
        >
          <IconChartLine size={18} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}
