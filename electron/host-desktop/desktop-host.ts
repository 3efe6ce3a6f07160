// The desktop application around the core: one window, one instance, no network, no Node in the window.
// The vault is locked when the screen is, when the machine sleeps, and with the last window.

import type { HostedCore } from '../host-common/hosted-core.ts';
import type { RendererFiles } from '../host-common/renderer-files.ts';
import type { Logger } from '../platform/log.ts';
import { appOrigin, appScheme, serveFiles } from './app-protocol.ts';
import { CallPort } from './call-port.ts';
import type { DesktopApi, DesktopWindow, Port } from './electron-api.ts';
import { menuTemplate } from './menu.ts';
import { keepOnPage, restrictSession } from './window-guard.ts';
import { windowOptions } from './window-options.ts';

export type DesktopHostOptions<P extends Port> = {
  readonly electron: DesktopApi<P>;
  readonly core: HostedCore & { close(): Promise<void> };
  readonly files: RendererFiles;
  readonly logger: Logger;
  /** The operator's name in the audit trail. */
  readonly actor: string;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly platform: NodeJS.Platform;
};

export class DesktopHost<P extends Port> {
  readonly #options: DesktopHostOptions<P>;
  #window: DesktopWindow<P> | undefined;

  constructor(options: DesktopHostOptions<P>) {
    this.#options = options;
  }

  /** Sets up what Electron takes only before it is ready, and opens the window when it is. */
  async start(): Promise<void> {
    const { app, protocol, powerMonitor, session, setApplicationMenu } = this.#options.electron;
    const { core, files, platform } = this.#options;
    app.enableSandbox();
    protocol.registerSchemesAsPrivileged([appScheme]);
    app.on('web-contents-created', (_event, contents) => keepOnPage(contents));
    app.on('second-instance', () => this.#showWindow());
    app.on('window-all-closed', () => app.quit());
    this.#closeCoreBeforeQuit();
    await app.whenReady();
    restrictSession(session());
    protocol.handle(appScheme.scheme, serveFiles(files));
    powerMonitor.on('lock-screen', () => core.lock('screen locked'));
    powerMonitor.on('suspend', () => core.lock('machine went to sleep'));
    setApplicationMenu(menuTemplate({ platform, isPackaged: app.isPackaged, lock: () => core.lock('menu') }));
    await this.#openWindow();
  }

  async #openWindow(): Promise<void> {
    const { electron, core, preload, actor, logger } = this.#options;
    const window = electron.createWindow(windowOptions(preload, electron.app.isPackaged));
    this.#window = window;
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      this.#window = undefined;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      logger.error('the window process ended', { reason });
    });
    new CallPort(core, electron.createChannel, actor).connect(window.webContents);
    await window.loadURL(`${appOrigin}/`);
  }

  #showWindow(): void {
    if (this.#window?.isMinimized()) this.#window.restore();
    this.#window?.focus();
  }

  /** Holds the first attempt to quit back until the core has stopped what it started, then quits. */
  #closeCoreBeforeQuit(): void {
    const { core, electron, logger } = this.#options;
    let state: 'running' | 'closing' | 'closed' = 'running';
    const finish = () => {
      state = 'closed';
      electron.app.quit();
    };
    electron.app.on('before-quit', (event) => {
      if (state === 'closed') return;
      event.preventDefault();
      if (state === 'closing') return;
      state = 'closing';
      core.close().then(finish, (error: unknown) => {
        logger.error('the console did not stop cleanly', { error });
        finish();
      });
    });
  }
}
