import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import classes from './PrintSheet.module.css';

/** What goes onto paper instead of the screen while it is shown; on the screen it is not seen. */
export function PrintSheet({ children }: { children: ReactNode }) {
  return createPortal(<div className={classes.sheet}>{children}</div>, document.body);
}
