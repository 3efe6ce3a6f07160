import type { MenuItemConstructorOptions } from 'electron';

/** The application menu. `lock` locks the vault. */
export function menuTemplate(options: {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly lock: () => void;
}): MenuItemConstructorOptions[] {
  const vault: MenuItemConstructorOptions = {
    label: 'Vault',
    submenu: [
      { label: 'Lock', accelerator: 'CmdOrCtrl+L', click: options.lock },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(options.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
    ],
  };
  const application: MenuItemConstructorOptions[] = options.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  return [...application, vault, { role: 'editMenu' }, view, { role: 'windowMenu' }];
}
