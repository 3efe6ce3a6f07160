// What a test needs besides npm's packages. Where a part is missing, the suites that need it are skipped and say so
// by name; with CI=true they fail instead, so that a machine without the part never looks green.

import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { describe } from 'vitest';

/** Where Debian keeps daemons, which an ordinary user's PATH leaves out. */
const daemonDirectories = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program on this machine, or undefined. A path is looked for as it is. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...daemonDirectories];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/** The path of a program that `describeWith` has made sure of. */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed here; see scripts/test-packages.txt`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `describe` for suites that run programs: `describeWith('mosquitto', 'openssl')('the monitor', () => …)`. */
export function describeWith(...programs: readonly string[]) {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return describe;
  const list = missing.join(', ');
  if (process.env.CI === 'true') throw new Error(`CI must have what the tests need; missing here: ${list}`);
  return (name: string, suite: () => void) => describe.runIf(false)(`${name} [not here: ${list}]`, suite);
}
