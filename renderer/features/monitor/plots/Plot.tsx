// uPlot in a React tree: made anew when the lines change, given new points otherwise.

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { lineSigns } from './line-signs.ts';
import classes from './Plot.module.css';
import { lineKey, type PlotLine, type PlotPoints } from './store.ts';

const height = 260;

const dataOf = (lines: readonly PlotLine[], points: ReadonlyMap<string, PlotPoints>): uPlot.AlignedData => {
  const tables = lines.map((line): uPlot.AlignedData => {
    const known = points.get(lineKey(line));
    return [[...(known?.times ?? [])], [...(known?.values ?? [])]];
  });
  return tables.length > 0 ? uPlot.join(tables) : [[]];
};

export function Plot({ lines, points }: { lines: readonly PlotLine[]; points: ReadonlyMap<string, PlotPoints> }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(points);
  latest.current = points;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name);
    const axis = { stroke: colour('--text'), grid: { stroke: colour('--line') }, ticks: { stroke: colour('--line') } };
    const made = new uPlot(
      {
        width: element.clientWidth || 320,
        height,
        legend: { show: false },
        cursor: { drag: { x: true, y: false } },
        axes: [axis, { ...axis, size: 64 }],
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
      plot.current = null;
    };
  }, [lines]);

  useEffect(() => {
    plot.current?.setData(dataOf(lines, points));
  }, [lines, points]);

  return <div ref={place} className={classes.plot} role="img" aria-label="Plot of the chosen numbers over time" />;
}
