import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Electron executable, or undefined when it was not downloaded.
 * `require('electron')` would start the download itself; here it is only looked for, as electron/install.js leaves it.
 */
export function findElectronBinary(root: string): string | undefined {
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const distribution = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const binary = join(distribution, readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

/** What this machine lacks to run the desktop application, in words; empty where it can run. */
export function missingForElectron(root: string): string[] {
  const hasScreen = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  return [...(findElectronBinary(root) ? [] : ["Electron's binary"]), ...(hasScreen ? [] : ['a screen'])];
}
