import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';

/** Which numbers of a topic are plotted, and how to put one on the plot or take it off. */
export function usePlottedPaths(topic: string): {
  readonly plotted: ReadonlySet<string>;
  readonly toggle: (path: string) => void;
} {
  const { monitor, plots } = useConsole();
  const brokerId = useStore(monitor, (state) => state.brokerId);
  const lines = useStore(plots, (state) => state.lines);
  const toggleLine = useStore(plots, (state) => state.toggle);
  const plotted = useMemo(
    () => new Set(lines.filter((line) => line.brokerId === brokerId && line.topic === topic).map(({ path }) => path)),
    [lines, brokerId, topic],
  );
  return {
    plotted,
    toggle: (path) => {
      if (brokerId) toggleLine({ brokerId, topic, path });
    },
  };
}
