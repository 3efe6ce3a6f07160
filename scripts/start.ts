// npm start: the desktop application; without Electron's binary or a screen, the loopback host and its address.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseCommandLine } from '../electron/host-loopback/command-line.ts';
import { openerFor } from '../electron/host-loopback/open-browser.ts';
import { buildIfNeeded } from './build-if-needed.ts';
import { findElectronBinary } from './electron-binary.ts';
import { v8Flags } from './v8-flags.ts';

const root = join(import.meta.dirname, '..');

const missingBinary = `Electron's binary is not on this machine, so the console serves a browser instead.
For the desktop application, download it once with network access:  npx install-electron
Behind a mirror, name it first:  ELECTRON_MIRROR=https://your.mirror/electron/ npx install-electron
`;

const missingScreen = 'There is no screen here, so the console serves a browser instead of opening a window.\n';

/** Runs the program in the foreground: it gets this terminal and its signals, and its status becomes ours. */
function handOver(program: string, args: readonly string[]): void {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${program} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (status) => {
    process.exitCode = status ?? 1;
  });
}

const args = process.argv.slice(2);
const { dataDirectory } = parseCommandLine(args);
await buildIfNeeded(root);
const electron = findElectronBinary(root);
const hasScreen = openerFor(process.platform, process.env) !== undefined;
if (electron && hasScreen) {
  const named = dataDirectory === undefined ? [] : [`--data-dir=${dataDirectory}`];
  handOver(electron, [`--js-flags=${v8Flags.join(' ')}`, root, ...named]);
} else {
  process.stderr.write(electron ? missingScreen : missingBinary);
  handOver(process.execPath, [...v8Flags, join(root, 'electron/headless.ts'), '--open', ...args]);
}
