import type { BrowserWindowConstructorOptions } from 'electron';

/** A window without Node, in a sandbox, that talks to the core over one MessagePort. */
export const windowOptions = (preload: string, isPackaged: boolean): BrowserWindowConstructorOptions => ({
  title: 'Voke Console',
  width: 1280,
  height: 832,
  minWidth: 900,
  minHeight: 600,
  show: false,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // The spell checker fetches its dictionaries from the internet, and would be given what is typed.
    spellcheck: false,
    devTools: !isPackaged,
  },
});
