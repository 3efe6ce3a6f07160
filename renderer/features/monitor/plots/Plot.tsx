// uPlot in a React tree: made anew when the lines change, given new points otherwise.

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { timeOfDay } from '../../../ui/time.ts';
import { lineSigns } from './line-signs.ts';
import classes from './Plot.module.css';
import { lineKey, type PlotLine, type PlotPoints } from './store.ts';

const height = 210;

/** The time of day of a moment in Unix seconds, as fine as the steps between two of them. */
const clock = (time: number, step: number): string => {
  const at = new Date(time * 1000);
  const rest = step < 1 ? `.${String(at.getMilliseconds()).padStart(3, '0')}` : '';
  return timeOfDay(at.toISOString()) + rest;
};

const dataOf = (lines: readonly PlotLine[], points: ReadonlyMap<string, PlotPoints>): uPlot.AlignedData => {
  const tables = lines.map((line): uPlot.AlignedData => {
    const known = points.get(lineKey(line));
    return [[...(known?.times ?? [])], [...(known?.values ?? [])]];
  });
  return tables.length > 0 ? uPlot.join(tables) : [[]];
};

/** Where the pointer is: the time in Unix seconds, and what each line has then, or had last before. */
export type PlotCursor = { readonly time: number; readonly values: readonly (number | undefined)[] };

function cursorOf({ cursor: { idx }, data }: uPlot): PlotCursor | null {
  const time = idx === null || idx === undefined ? undefined : data[0][idx];
  if (time === undefined) return null;
  const values = data.slice(1).map((line) => {
    for (let i = idx ?? 0; i >= 0; i -= 1) {
      const value = line[i];
      if (value !== null && value !== undefined) return value;
    }
    return undefined;
  });
  return { time, values };
}

export function Plot({
  lines,
  points,
  onCursor,
}: {
  lines: readonly PlotLine[];
  points: ReadonlyMap<string, PlotPoints>;
  onCursor: (cursor: PlotCursor | null) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(points);
  latest.current = points;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name);
    const line = { stroke: colour('--line'), width: 1 };
    const axis = { stroke: colour('--text'), grid: line, ticks: line };
    const made = new uPlot(
      {
        width: element.clientWidth || 320,
        height,
        legend: { show: false },
        cursor: { drag: { x: true, y: false } },
        hooks: { setCursor: [(self) => onCursor(cursorOf(self))] },
        axes: [
          {
            ...axis,
            space: 100,
            values: (_plot, times, _axis, _space, step) => times.map((time) => clock(time, step)),
          },
          axis,
        ],
        series: [
          {},
          ...lines.map((_line, i) => {
            const { colour: name, dash } = lineSigns[i % lineSigns.length] ?? { colour: '--text', dash: [] };
            return { stroke: colour(name), width: 2, dash: [...dash], spanGaps: true, points: { show: false } };
          }),
        ],
      },
      dataOf(lines, latest.current),
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      onCursor(null);
      plot.current = null;
    };
  }, [lines, onCursor]);

  useEffect(() => {
    plot.current?.setData(dataOf(lines, points));
  }, [lines, points]);

  return <div ref={place} className={classes.plot} role="img" aria-label="Plot of the chosen numbers over time" />;
}
