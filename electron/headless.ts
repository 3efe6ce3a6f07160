// Starts the loopback host: `npm run headless -- --data-dir DIR --port N --json`.
// Standard output carries what the operator or a program reads; everything else is a log line on standard error.

import './platform/thread-pool.ts';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { ConsoleError } from '../shared/model/errors.ts';
import type { HostNotice } from '../shared/model/host-notice.ts';
import { ConsoleCore } from './core/console.ts';
import { prepareDataDirectory } from './host-common/data-directory.ts';
import { operatorName } from './host-common/operator.ts';
import { RendererFiles } from './host-common/renderer-files.ts';
import { type HeadlessOptions, parseCommandLine, usage } from './host-loopback/command-line.ts';
import { type LoopbackAddress, LoopbackHost } from './host-loopback/loopback-host.ts';
import { BrowserOpener, openerFor } from './host-loopback/open-browser.ts';
import { createLogger } from './platform/log.ts';

const logger = createLogger();
const { version } = packageJson;
const rendererDirectory = join(import.meta.dirname, '..', 'out', 'renderer');

// A window that sends what is no call must not end the process, and with it a push that is half-way.
process.on('unhandledRejection', (error) => logger.error('a failure that nobody handled', { error }));

function announce({ url, token, port }: LoopbackAddress, { json }: HeadlessOptions, dataDirectory: string): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, token })}\n`);
    return;
  }
  process.stdout.write(
    `Voke Console ${version} is ready.\n` +
      `  Open this address once, within ten minutes: ${url}\n` +
      `  Bearer token for programs: ${token}\n` +
      `  Vault folder: ${dataDirectory}\n` +
      `  From another machine: ssh -L ${port}:127.0.0.1:${port} and the same address.\n` +
      '  Ctrl+C stops it.\n',
  );
}

async function run(options: HeadlessOptions): Promise<void> {
  const surroundings = { platform: process.platform, environment: process.env, home: homedir() };
  const named = options.dataDirectory === undefined ? undefined : resolve(options.dataDirectory);
  const dataDirectory = await prepareDataDirectory(surroundings, named);
  const files = await RendererFiles.open(rendererDirectory);
  if (!files.complete) logger.warn('The window is not built, so only REST answers. Build it with: npm run build');

  // Nobody may be looking at a window: who keeps the log is told. The windows themselves count alerts in their title.
  const notify = ({ title, body }: HostNotice) => logger.warn(title, { body });
  const core = new ConsoleCore({ dataDirectory, logger, version, notify });
  const browser = new BrowserOpener(dataDirectory, logger);
  const host = new LoopbackHost({
    core,
    files,
    logger,
    version,
    port: options.port,
    monotonicMs: () => performance.now(),
    actor: operatorName(),
  });
  const stop = async () => {
    await host.close();
    await browser.close();
    await core.close();
  };
  try {
    const address = await host.start();
    stopOnSignal(stop);
    announce(address, options, dataDirectory);
    const opener = openerFor(process.platform, process.env);
    if (options.open && opener) await browser.open(opener, address.url);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ctrl+C and a service manager's stop. They may come twice, from the terminal and from npm; the first one counts. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('the console did not stop cleanly', { error });
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

try {
  await run(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  if (error instanceof ConsoleError) {
    process.stderr.write(`${error.message}\n${error.code === 'input/invalid' ? usage : ''}`);
  } else {
    logger.error('the console could not start', { error });
  }
  process.exitCode = 1;
}
