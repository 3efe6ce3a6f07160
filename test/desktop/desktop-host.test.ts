// The desktop host against a double of Electron: every option that keeps the window harmless, and a call over a real port.

import { describe, expect, onTestFinished, test } from 'vitest';
import { RendererFiles } from '../../electron/host-common/renderer-files.ts';
import { DesktopHost } from '../../electron/host-desktop/desktop-host.ts';
import { createLogger } from '../../electron/platform/log.ts';
import { clientOver, portLink } from '../support/contract-callers.ts';
import { fakeCore } from '../support/fake-core.ts';
import { FakeElectron } from '../support/fake-electron.ts';
import { rendererFolder } from '../support/loopback.ts';

async function startDesktop({ isPackaged = true, platform = 'linux' as NodeJS.Platform } = {}) {
  const electron = new FakeElectron({ isPackaged });
  const core = fakeCore();
  const log: string[] = [];
  const host = new DesktopHost({
    electron,
    core,
    files: await RendererFiles.open(await rendererFolder()),
    logger: createLogger((line) => log.push(line)),
    actor: 'engineer',
    preload: '/out/preload/preload.cjs',
    platform,
  });
  await host.start();
  const [created] = electron.windows;
  if (!created) throw new Error('no window was opened');
  onTestFinished(() => {
    for (const { ports } of created.window.webContents.posted) for (const port of ports) port.close();
  });
  return { electron, core, log, ...created, contents: created.window.webContents };
}

describe('the window', () => {
  test('has no Node, a sandbox, its own world, and the web its rules', async () => {
    const { options } = await startDesktop();
    expect(options.webPreferences).toEqual({
      preload: '/out/preload/preload.cjs',
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
      spellcheck: false,
      devTools: false,
    });
  });

  test('has developer tools only before it is packaged', async () => {
    const { options, electron } = await startDesktop({ isPackaged: false });
    expect(options.webPreferences?.devTools).toBe(true);
    expect(JSON.stringify(electron.menu)).toContain('toggleDevTools');
    expect(JSON.stringify((await startDesktop()).electron.menu)).not.toContain('toggleDevTools');
  });

  test('every process is sandboxed and the protocol known before Electron is ready', async () => {
    const { electron } = await startDesktop();
    expect(electron.app.actions).toEqual(['enableSandbox', 'registerSchemes', 'whenReady']);
    expect(electron.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('is shown when there is something to see, and again when the console is started a second time', async () => {
    const { electron, window } = await startDesktop();
    expect(window.actions).toEqual(['show']);
    window.minimized = true;
    electron.app.emit('second-instance');
    expect(window.actions).toEqual(['show', 'restore', 'focus']);
    expect(electron.windows).toHaveLength(1);
  });

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'is kept from %s',
    async (event) => {
      const { contents } = await startDesktop();
      expect(contents.isPrevented(event)).toBe(true);
    },
  );

  test('opens no other window', async () => {
    const { contents } = await startDesktop();
    expect(contents.windowOpenAction).toBe('deny');
  });

  test('gets one permission, to copy', async () => {
    const { electron } = await startDesktop();
    for (const permission of ['clipboard-read', 'media', 'geolocation', 'openExternal', 'fileSystem', 'usb'] as const) {
      expect(electron.permission(permission), permission).toEqual({ asked: false, checked: false });
    }
    expect(electron.permission('clipboard-sanitized-write')).toEqual({ asked: true, checked: true });
    expect(electron.devicePermission).toBe(false);
  });

  test.each([
    'http://127.0.0.1:8883/',
    'https://evil.example/',
    'ws://evil.example/',
    'file:///etc/passwd',
    'nonsense',
  ])('does not reach %s', async (url) => {
    expect((await startDesktop()).electron.cancels(url)).toBe(true);
  });

  test('reaches its own files', async () => {
    const { electron } = await startDesktop();
    expect(electron.cancels('app://console/assets/main.js')).toBe(false);
    expect(electron.cancels('blob:app://console/1')).toBe(false);
  });
});

describe('app://console/', () => {
  test('serves the built window with a strict policy', async () => {
    const { electron, contents } = await startDesktop();
    expect(contents.url).toBe('app://console/');
    const answer = await electron.protocols.get('app')?.(new Request('app://console/'));
    expect(answer?.status).toBe(200);
    expect(answer?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer?.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
  });

  test.each(['app://console/..%2fsecret.txt', 'app://console/nothing', 'app://other/', 'app://other/index.html'])(
    'has nothing at %s',
    async (url) => {
      const { electron } = await startDesktop();
      expect((await electron.protocols.get('app')?.(new Request(url)))?.status).toBe(404);
    },
  );

  test('answers GET only', async () => {
    const { electron } = await startDesktop();
    const request = new Request('app://console/', { method: 'POST' });
    expect((await electron.protocols.get('app')?.(request))?.status).toBe(404);
  });
});

describe('calls', () => {
  test('are answered over the port that the page got', async () => {
    const { contents, core } = await startDesktop();
    const [posted] = contents.posted;
    expect(posted).toMatchObject({ channel: 'voke:port', message: null });
    const [port] = posted?.ports ?? [];
    if (!port) throw new Error('no port');
    const client = clientOver(portLink(port));
    port.start();
    expect(await client.system.about()).toMatchObject({ host: 'desktop' });
    await client.vault.get();
    expect(core.callers).toEqual(['desktop/engineer']);
    await expect(client.vault.unlock({ passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'vault/wrong-passphrase',
    });
  });

  test('a page that was loaded again gets a new port, and the old one is closed', async () => {
    const { contents } = await startDesktop();
    const [oldPort] = contents.posted[0]?.ports ?? [];
    const closed = new Promise((resolve) => oldPort?.once('close', () => resolve(true)));
    contents.emit('did-finish-load');
    expect(await closed).toBe(true);
    expect(contents.posted).toHaveLength(2);
  });

  test('a page that is not ours gets no port', async () => {
    const { contents } = await startDesktop();
    for (const url of ['https://evil.example/', 'app://console.evil.example/', 'app://other/', 'about:blank', '']) {
      contents.url = url;
      contents.emit('did-finish-load');
    }
    expect(contents.posted).toHaveLength(1);
  });
});

describe('the vault', () => {
  test('is locked with the screen, before sleep, and from the menu', async () => {
    const { electron, core } = await startDesktop();
    electron.power.emit('lock-screen');
    electron.power.emit('suspend');
    const items = electron.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const lock = items.find(({ label }) => label === 'Lock');
    lock?.click?.(undefined as never, undefined, undefined as never);
    expect(core.locks).toEqual(['screen locked', 'machine went to sleep', 'menu']);
  });
});

describe('quitting', () => {
  test('with the last window waits until the core has stopped what it started', async () => {
    const { electron, core } = await startDesktop();
    electron.app.emit('window-all-closed');
    expect(electron.app.actions).not.toContain('exit');
    await new Promise((resolve) => setImmediate(resolve));
    expect(core.state.closed).toBe(true);
    expect(electron.app.actions.at(-1)).toBe('exit');
  });

  test('goes on when the core cannot stop, and says so', async () => {
    const { electron, core, log } = await startDesktop();
    core.close = () => Promise.reject(new Error('the broker does not end'));
    electron.app.quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(electron.app.actions.at(-1)).toBe('exit');
    expect(log.join('')).toContain('did not stop cleanly');
  });
});
