import type { ReactNode } from 'react';
import classes from './PageHeader.module.css';

/** Title of a screen, one line of what it is for, and its main actions. */
export function PageHeader({
  title,
  about,
  above,
  children,
}: {
  title: ReactNode;
  about?: ReactNode;
  above?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {above}
        <h1 className={classes.title}>{title}</h1>
        {about && <p className={classes.about}>{about}</p>}
      </div>
      {children && <div className={classes.actions}>{children}</div>}
    </header>
  );
}
