import { type ReactNode, useEffect, useRef } from 'react';
import classes from './Publish.module.css';

/** Brings what is told into sight, again whenever it changes: dialogs are longer than small screens. */
export function InSight({ words, label, children }: { words: string; label: string; children: ReactNode }) {
  const ref = useRef<HTMLElement>(null);
  const shown = useRef('');
  useEffect(() => {
    if (shown.current !== words) ref.current?.scrollIntoView({ block: 'nearest' });
    shown.current = words;
  }, [words]);
  return (
    <section ref={ref} aria-label={label} aria-live="polite" className={classes.told}>
      {children}
    </section>
  );
}
