import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArchive, IconClock, IconLock, IconVault } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { toFailure } from '../../failure.ts';
import { saveFile } from '../../ui/save-file.ts';
import { IdleLockDialog } from './IdleLockDialog.tsx';

/** Lock at once, and what else concerns the vault as a whole. */
export function VaultMenu() {
  const vault = useStore(useConsole().vault);
  const [isIdleLockOpen, setIdleLockOpen] = useState(false);
  const report = (work: Promise<unknown>) =>
    work.catch((error) => notifications.show({ color: 'red', message: toFailure(error).sentence }));
  const backUp = async () => {
    const file = await vault.backup();
    saveFile(file, file.name || 'voke-vault-backup.db');
  };
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button leftSection={<IconVault size={20} aria-hidden />}>Vault</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArchive size={20} aria-hidden />} onClick={() => void report(backUp())}>
            Save a backup…
          </Menu.Item>
          <Menu.Item leftSection={<IconClock size={20} aria-hidden />} onClick={() => setIdleLockOpen(true)}>
            Lock when idle…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button leftSection={<IconLock size={20} aria-hidden />} onClick={() => void report(vault.lock())}>
        Lock
      </Button>
      {isIdleLockOpen && <IdleLockDialog onClose={() => setIdleLockOpen(false)} />}
    </>
  );
}
