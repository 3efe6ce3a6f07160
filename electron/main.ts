// Starts the desktop host: the only place that hands Electron's parts to it.
// Nothing here may wait for `ready` at the top level: Electron itself waits for this module before it becomes ready.

import './platform/thread-pool.ts';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  protocol,
  session,
} from 'electron';
import packageJson from '../package.json' with { type: 'json' };
import { ConsoleError } from '../shared/model/errors.ts';
import { ConsoleCore } from './core/console.ts';
import { prepareDataDirectory } from './host-common/data-directory.ts';
import { operatorName } from './host-common/operator.ts';
import { RendererFiles } from './host-common/renderer-files.ts';
import { DesktopHost } from './host-desktop/desktop-host.ts';
import { showNotice } from './host-desktop/notifications.ts';
import { makePrivateDirectory } from './platform/files.ts';
import { createLogger } from './platform/log.ts';

const logger = createLogger();
const out = join(import.meta.dirname, '..');

// A window that sends what is no call must not end the process, and with it a push that is half-way.
process.on('unhandledRejection', (error) => logger.error('a failure that nobody handled', { error }));

async function main(): Promise<void> {
  const named = app.commandLine.getSwitchValue('data-dir');
  const surroundings = { platform: process.platform, environment: process.env, home: homedir() };
  const dataDirectory = await prepareDataDirectory(surroundings, named === '' ? undefined : resolve(named));
  // Chromium's own files, and with them the lock that makes one instance per vault folder.
  const profile = join(dataDirectory, 'window');
  await makePrivateDirectory(profile);
  app.setPath('userData', profile);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const host = new DesktopHost({
    electron: {
      app,
      createWindow: (options) => new BrowserWindow(options),
      createChannel: () => new MessageChannelMain(),
      setApplicationMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
      powerMonitor,
      protocol,
      session: () => session.defaultSession,
    },
    core: new ConsoleCore({
      dataDirectory,
      logger,
      version: packageJson.version,
      notify: showNotice({
        isSupported: () => Notification.isSupported(),
        create: (options) => new Notification(options),
      }),
    }),
    files: await RendererFiles.open(join(out, 'renderer')),
    logger,
    actor: operatorName(),
    preload: join(out, 'preload', 'preload.cjs'),
    platform: process.platform,
  });
  host.start().catch(giveUp);
}

/** Tells the operator in words, and ends. */
function giveUp(error: unknown): void {
  logger.error('the console could not start', { error });
  const failure = error instanceof ConsoleError ? error : new ConsoleError('internal/unexpected');
  dialog.showErrorBox('Voke Console', failure.message);
  app.exit(1);
}

await main().catch(giveUp);
