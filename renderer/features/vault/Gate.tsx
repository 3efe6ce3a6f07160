import type { ReactNode } from 'react';
import iconUrl from '../../app/icon.svg';
import { ThemeSwitch } from '../../app/ThemeSwitch.tsx';
import classes from './Gate.module.css';

/** What stands before the console while its vault is not open. */
export function Gate({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src={iconUrl} width={40} height={40} alt="" />
          <span>Voke Console</span>
          <ThemeSwitch />
        </div>
        <h1 className={classes.title}>{title}</h1>
        {about && <p className={classes.about}>{about}</p>}
        {children}
      </div>
    </main>
  );
}
