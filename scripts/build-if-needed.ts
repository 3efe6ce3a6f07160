import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const sources = ['electron', 'renderer', 'shared', 'package-lock.json', 'electron.vite.config.ts'];
const results = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

const changedAt = async (path: string): Promise<number> => (await stat(path)).mtimeMs;

async function newestChange(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return changedAt(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Math.max(0, ...(await Promise.all(files.map(changedAt))));
}

/** Whether something of the built application is missing, or older than what it is built from. */
export async function isBuildStale(root: string): Promise<boolean> {
  const built = await Promise.all(results.map((path) => changedAt(join(root, path)).catch(() => 0)));
  const changed = await Promise.all(sources.map((path) => newestChange(join(root, path))));
  return Math.min(...built) < Math.max(...changed);
}

/** Builds main, preload and window where needed. Throws when the build fails. */
export async function buildIfNeeded(root: string): Promise<void> {
  if (!(await isBuildStale(root))) return;
  process.stderr.write('Building the console (once, and after changes) …\n');
  const program = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  // What the build tells goes to standard error: standard output belongs to the console that starts next.
  const build = spawn(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const [status] = await once(build, 'exit');
  if (status !== 0) throw new Error('The build failed; what it said stands above.');
}
