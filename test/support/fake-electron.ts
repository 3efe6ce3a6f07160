// A double of the parts of Electron that the desktop host uses; it records what it is given, and its ports are real.

import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { BrowserWindowConstructorOptions, CustomScheme, MenuItemConstructorOptions } from 'electron';
import type {
  CallingContents,
  DesktopApi,
  DesktopApp,
  DesktopWindow,
  NavigatingContents,
  WindowSession,
} from '../../electron/host-desktop/electron-api.ts';

type PermissionRequestHandler = Parameters<WindowSession['setPermissionRequestHandler']>[0];
type PermissionCheckHandler = Parameters<WindowSession['setPermissionCheckHandler']>[0];
type RequestListener = Parameters<WindowSession['webRequest']['onBeforeRequest']>[0];
type Permission = Parameters<PermissionCheckHandler>[1];

export class FakeContents extends EventEmitter implements CallingContents<MessagePort>, NavigatingContents {
  url = '';
  windowOpenAction: string | undefined;
  readonly posted: { readonly channel: string; readonly message: unknown; readonly ports: MessagePort[] }[] = [];

  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.windowOpenAction = handler().action;
  }
  getURL(): string {
    return this.url;
  }
  postMessage(channel: string, message: unknown, ports: MessagePort[]): void {
    this.posted.push({ channel, message, ports });
  }
  /** Emits an event that may be prevented; true when it was. */
  isPrevented(event: string): boolean {
    let prevented = false;
    this.emit(event, { preventDefault: () => (prevented = true) });
    return prevented;
  }
}

export class FakeWindow extends EventEmitter implements DesktopWindow<MessagePort> {
  readonly webContents = new FakeContents();
  readonly actions: string[] = [];
  minimized = false;

  async loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    this.webContents.emit('did-finish-load');
    this.emit('ready-to-show');
  }
  show(): void {
    this.actions.push('show');
  }
  focus(): void {
    this.actions.push('focus');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.actions.push('restore');
  }
}

class FakeApp extends EventEmitter implements DesktopApp {
  readonly isPackaged: boolean;
  readonly actions: string[] = [];

  constructor(isPackaged: boolean) {
    super();
    this.isPackaged = isPackaged;
  }
  enableSandbox(): void {
    this.actions.push('enableSandbox');
  }
  async whenReady(): Promise<void> {
    this.actions.push('whenReady');
  }
  quit(): void {
    this.actions.push('quit');
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.actions.push('exit');
  }
}

export class FakeElectron implements DesktopApi<MessagePort> {
  readonly app: FakeApp;
  readonly windows: { readonly options: BrowserWindowConstructorOptions; readonly window: FakeWindow }[] = [];
  readonly schemes: CustomScheme[] = [];
  readonly protocols = new Map<string, (request: Request) => Promise<Response>>();
  readonly power = new EventEmitter();
  menu: MenuItemConstructorOptions[] = [];
  #askPermission: PermissionRequestHandler | undefined;
  #checkPermission: PermissionCheckHandler | undefined;
  #checkDevice: (() => boolean) | undefined;
  #beforeRequest: RequestListener | undefined;

  constructor({ isPackaged = true } = {}) {
    this.app = new FakeApp(isPackaged);
  }

  readonly createWindow = (options: BrowserWindowConstructorOptions): FakeWindow => {
    const window = new FakeWindow();
    this.windows.push({ options, window });
    this.app.emit('web-contents-created', {}, window.webContents);
    return window;
  };
  readonly createChannel = () => new MessageChannel();
  readonly setApplicationMenu = (template: MenuItemConstructorOptions[]): void => {
    this.menu = template;
  };
  readonly powerMonitor = this.power;
  readonly protocol = {
    registerSchemesAsPrivileged: (schemes: CustomScheme[]): void => {
      this.app.actions.push('registerSchemes');
      this.schemes.push(...schemes);
    },
    handle: (scheme: string, handler: (request: Request) => Promise<Response>): void => {
      this.protocols.set(scheme, handler);
    },
  };
  readonly session = (): WindowSession => ({
    setPermissionRequestHandler: (handler) => {
      this.#askPermission = handler;
    },
    setPermissionCheckHandler: (handler) => {
      this.#checkPermission = handler;
    },
    setDevicePermissionHandler: (handler) => {
      this.#checkDevice = handler;
    },
    webRequest: {
      onBeforeRequest: (listener) => {
        this.#beforeRequest = listener;
      },
    },
  });

  /** What a window gets that asks for a permission, in both the ways that Electron asks. */
  permission(permission: Permission): { readonly asked: boolean | undefined; readonly checked: boolean | undefined } {
    let asked: boolean | undefined;
    this.#askPermission?.({}, permission, (granted) => {
      asked = granted;
    });
    return { asked, checked: this.#checkPermission?.({}, permission) };
  }
  get devicePermission(): boolean | undefined {
    return this.#checkDevice?.();
  }
  /** Whether a request of the window is cancelled; undefined when nobody looked at it. */
  cancels(url: string): boolean | undefined {
    let cancelled: boolean | undefined;
    this.#beforeRequest?.({ url }, ({ cancel }) => {
      cancelled = cancel;
    });
    return cancelled;
  }
}
