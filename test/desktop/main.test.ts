// electron/main.ts itself, with a double in Electron's place: one console per vault folder.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type * as ConsoleModule from '../../electron/core/console.ts';
import type { ConsoleOptions } from '../../electron/core/console.ts';
import { FakeElectron } from '../support/fake-electron.ts';

/** A class whose instances `make` makes. */
const constructorOf = <A>(make: (argument: A) => object) =>
  new Proxy(class {}, { construct: (_target, [argument]) => make(argument) });

async function runMain(isFirst: boolean, place = '') {
  const folder = await mkdtemp(join(tmpdir(), 'voke-desktop-'));
  const electron = new FakeElectron();
  const paths: Record<string, string> = {};
  const notices: object[] = [];
  let notify: ConsoleOptions['notify'];
  const app = Object.assign(electron.app, {
    commandLine: { getSwitchValue: (name: string) => (name === 'data-dir' ? join(folder, place) : '') },
    setPath: (name: string, path: string) => {
      paths[name] = path;
    },
    requestSingleInstanceLock: () => isFirst,
    exit: (status: number) => app.actions.push(`exit ${status}`),
  });
  vi.resetModules();
  vi.doMock('electron', () => ({
    app,
    BrowserWindow: constructorOf(electron.createWindow),
    dialog: { showErrorBox: (_title: string, message: string) => app.actions.push(message) },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: electron.setApplicationMenu },
    MessageChannelMain: constructorOf(electron.createChannel),
    Notification: Object.assign(
      constructorOf((notice: object) => ({ show: () => notices.push(notice) })),
      { isSupported: () => true },
    ),
    powerMonitor: electron.powerMonitor,
    protocol: electron.protocol,
    session: { defaultSession: electron.session() },
  }));
  vi.doMock('../../electron/core/console.ts', async (original) => {
    const { ConsoleCore } = await original<typeof ConsoleModule>();
    return {
      ConsoleCore: class extends ConsoleCore {
        constructor(options: ConsoleOptions) {
          super(options);
          notify = options.notify;
        }
      },
    };
  });
  const handlers = process.listeners('unhandledRejection');
  onTestFinished(async () => {
    for (const handler of process.listeners('unhandledRejection')) {
      if (!handlers.includes(handler)) process.removeListener('unhandledRejection', handler);
    }
    electron.app.quit();
    await vi.waitFor(() => expect(electron.app.actions.at(-1)).toBe('exit'), { timeout: 20_000 });
    vi.doUnmock('electron');
    vi.doUnmock('../../electron/core/console.ts');
    await rm(folder, { recursive: true, force: true });
  });
  await import('../../electron/main.ts');
  return { electron, folder, paths, notices, notify };
}

test('opens a window on the folder that was named, with the profile inside it', async () => {
  const { electron, folder, paths } = await runMain(true);
  await vi.waitFor(() => expect(electron.windows).toHaveLength(1), { timeout: 20_000 });
  expect(paths.userData).toBe(join(folder, 'window'));
  expect(electron.windows[0]?.options.webPreferences?.preload).toMatch(/preload\.cjs$/);
});

test("what the console has to tell is shown by the desktop's own notifications", async () => {
  const { notices, notify } = await runMain(true);
  notify?.({ title: 'Alert: Tank', body: 'A value is beyond its limit.' });
  expect(notices).toEqual([{ title: 'Alert: Tank', body: 'A value is beyond its limit.' }]);
});

test('a second console on the same folder leaves again, and does not touch the vault', async () => {
  const { electron, folder } = await runMain(false);
  expect(electron.app.actions).toEqual(['quit', 'exit']);
  expect(electron.windows).toEqual([]);
  expect(await readdir(folder)).toEqual(['window']);
});

test('a folder that cannot be made is told in words, and the console ends', async () => {
  const { electron } = await runMain(true, '\0');
  expect(electron.app.actions).toEqual([
    'The vault folder cannot be made or written to. Choose another one with --data-dir.',
    'exit 1',
  ]);
});
