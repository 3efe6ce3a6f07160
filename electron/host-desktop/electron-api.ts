// What the desktop host uses of Electron, and no more: electron/main.ts hands the real parts in, tests hand in doubles.
// `import type` only: importing electron at run time throws where its binary is missing.

import type { BrowserWindowConstructorOptions, CustomScheme, MenuItemConstructorOptions, Session } from 'electron';

export type Preventable = { preventDefault(): void };

type Permission = Parameters<NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>>[1];

/** Electron's MessagePortMain. */
export type Port = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

/** The part of WebContents that a page could be led away with. */
export type NavigatingContents = {
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
};

/** The part of WebContents that calls pass through. */
export type CallingContents<P extends Port> = {
  on(event: 'did-finish-load', listener: () => void): unknown;
  on(
    event: 'render-process-gone',
    listener: (event: Preventable, details: { readonly reason: string }) => void,
  ): unknown;
  getURL(): string;
  postMessage(channel: string, message: unknown, transfer: P[]): void;
};

export type DesktopWindow<P extends Port> = {
  readonly webContents: CallingContents<P>;
  once(event: 'ready-to-show', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  isMinimized(): boolean;
  restore(): void;
};

export type DesktopApp = {
  readonly isPackaged: boolean;
  enableSandbox(): void;
  whenReady(): Promise<void>;
  quit(): void;
  on(event: 'second-instance', listener: () => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
  on(event: 'web-contents-created', listener: (event: Preventable, contents: NavigatingContents) => void): unknown;
};

export type WindowSession = {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: Permission, answer: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: Permission) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { readonly url: string }, answer: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
};

export type DesktopApi<P extends Port> = {
  readonly app: DesktopApp;
  readonly createWindow: (options: BrowserWindowConstructorOptions) => DesktopWindow<P>;
  readonly createChannel: () => { readonly port1: P; readonly port2: P };
  readonly setApplicationMenu: (template: MenuItemConstructorOptions[]) => void;
  readonly powerMonitor: { on(event: 'lock-screen' | 'suspend', listener: () => void): unknown };
  readonly protocol: {
    registerSchemesAsPrivileged(schemes: CustomScheme[]): void;
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
  };
  /** The session of the windows; only there once the application is ready. */
  readonly session: () => WindowSession;
};
