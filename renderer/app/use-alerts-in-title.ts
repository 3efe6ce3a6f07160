import { useEffect } from 'react';

const plain = 'Voke Console';

/** Counts alerts that nobody has acknowledged in the title: it is read on the tab and the task bar, whatever lies before the window. */
export function useAlertsInTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${plain}` : plain;
    return () => {
      document.title = plain;
    };
  }, [count]);
}
