import { Button, useComputedColorScheme } from '@mantine/core';
import { IconChartLine, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { timeOfDay } from '../../../ui/time.ts';
import { amount } from '../words.ts';
import { lineSigns } from './line-signs.ts';
import classes from './Plot.module.css';
import { Plot, type PlotCursor } from './Plot.tsx';
import { lineKey, mostLines, type PlotLine } from './store.ts';

/** The chosen numbers of all topics on one axis, with what the console still has of their past. */
export function PlotPanel() {
  const { plots } = useConsole();
  const lines = useStore(plots, (state) => state.lines);
  const points = useStore(plots, (state) => state.points);
  const follow = useStore(plots, (state) => state.follow);
  const reset = useStore(plots, (state) => state.reset);
  const scheme = useComputedColorScheme('light');
  const [cursor, setCursor] = useState<PlotCursor | null>(null);
  useEffect(() => follow(), [follow]);
  if (lines.length === 0)
    return (
      <EmptyState icon={IconChartLine} title="Nothing on the plot">
        Open a topic's value and press the plot sign beside a number. Numbers of several topics share one axis.
      </EmptyState>
    );
  return (
    <div className={classes.panel}>
      {/* Drawn with the colours of the scheme, so anew with another one. */}
      <Plot key={scheme} lines={lines} points={points} onCursor={setCursor} />
      <p className={classes.count} role="status">
        {cursor ? `At ${timeOfDay(new Date(cursor.time * 1000).toISOString())}` : 'Now; point at the plot for earlier.'}
      </p>
      <ul className={classes.lines} aria-label="Lines of the plot">
        {lines.map((line, i) => (
          <PlotLineView
            key={lineKey(line)}
            line={line}
            index={i}
            count={points.get(lineKey(line))?.values.length ?? 0}
            value={cursor ? cursor.values[i] : points.get(lineKey(line))?.values.at(-1)}
          />
        ))}
      </ul>
      <div className={classes.actions}>
        {lines.length === mostLines && <span className={classes.full}>The plot is full.</span>}
        <Button variant="default" onClick={reset}>
          Clear the plot
        </Button>
      </div>
    </div>
  );
}

function PlotLineView({
  line,
  index,
  count,
  value,
}: {
  line: PlotLine;
  index: number;
  count: number;
  /** At the pointer, else the latest. */
  value: number | undefined;
}) {
  const { plots } = useConsole();
  const toggle = useStore(plots, (state) => state.toggle);
  const { colour, dash } = lineSigns[index % lineSigns.length] ?? { colour: '--text', dash: [] };
  const topic = visibleText(line.topic);
  const path = visibleText(line.path) || '(value)';
  const name = `${topic} ${path}`;
  return (
    <li className={classes.line}>
      <svg width="32" height="8" aria-hidden="true">
        <line
          x1="0"
          y1="4"
          x2="32"
          y2="4"
          style={{ stroke: `var(${colour})`, strokeWidth: 3, strokeDasharray: dash.join(' ') }}
        />
      </svg>
      <span className={classes.words}>
        <span className="mono" title={name}>
          {path}
        </span>
        <span className={classes.count} title={name}>
          {topic}
        </span>
      </span>
      <span className={classes.numbers}>
        <b>{value === undefined ? 'no number yet' : Number(value.toPrecision(6))}</b>
        <span className={classes.count}>{amount(count, 'point', 'points')}</span>
      </span>
      <Button variant="subtle" size="compact-sm" aria-label={`Take ${name} off the plot`} onClick={() => toggle(line)}>
        <IconX size={18} aria-hidden />
      </Button>
    </li>
  );
}
