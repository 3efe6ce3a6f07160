import { IconPlugConnectedX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import classes from './ConnectionBanner.module.css';
import { useConsole } from './console-context.tsx';

/** Says that what is shown may be old, for as long as the link to the core is down. */
export function ConnectionBanner() {
  const connection = useStore(useConsole().host, (host) => host.connection);
  if (connection !== 'lost') return null;
  return (
    <div className={classes.banner} role="alert">
      <IconPlugConnectedX size={24} aria-hidden />
      <span>
        <strong>Connection lost.</strong> What you see may be old; connecting again. If the console was restarted, or if
        you opened this tab by hand, open a new start address.
      </span>
    </div>
  );
}
