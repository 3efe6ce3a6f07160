import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { VaultMenu } from '../features/vault/VaultMenu.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { useConsole } from './console-context.tsx';
import classes from './Shell.module.css';
import { readyValue } from './snapshot.ts';
import { ThemeSwitch } from './ThemeSwitch.tsx';

const hostWords = { desktop: 'Desktop', loopback: 'Browser', memory: 'In memory' } as const;

export function Header() {
  const { connection, about } = useStore(useConsole().host);
  const known = readyValue(about);
  return (
    <header className={classes.header}>
      <div className={classes.host}>
        {connection === 'open' ? (
          <StatusBadge tone="normal" icon={IconPlugConnected}>
            Connected
          </StatusBadge>
        ) : (
          <StatusBadge tone="fault" icon={IconPlugConnectedX}>
            Not connected
          </StatusBadge>
        )}
        {known && (
          <span className={classes.folder} title={`${known.dataDirectory} · version ${known.version}`}>
            <bdi>
              {hostWords[known.host]} · {known.dataDirectory}
            </bdi>
          </span>
        )}
      </div>
      <ThemeSwitch />
      <VaultMenu />
    </header>
  );
}
