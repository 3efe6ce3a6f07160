// Where the vault lives, unless the command line says otherwise: the operating system's folder for a user's data.
// The console's own folder is closed to everybody else. A folder that the operator names is made so when it is new, and
// left as it is when it was there before (it may be shared on purpose); the vault file in it is private either way.

import { access, chmod, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { ConsoleError } from '../../shared/model/errors.ts';
import { makePrivateDirectory, privateDirectoryMode } from '../platform/files.ts';

export type Surroundings = {
  readonly platform: NodeJS.Platform;
  readonly environment: { readonly APPDATA?: string | undefined; readonly XDG_DATA_HOME?: string | undefined };
  readonly home: string;
};

const folder = 'voke-console';

/** The folder for this user's vault (XDG Base Directory on Linux, Application Support on macOS, APPDATA on Windows). */
export function defaultDataDirectory({ platform, environment, home }: Surroundings): string {
  switch (platform) {
    case 'win32':
      return join(environment.APPDATA || join(home, 'AppData', 'Roaming'), folder);
    case 'darwin':
      return join(home, 'Library', 'Application Support', folder);
    default: {
      // The specification: a relative path in the variable is to be ignored.
      const base = environment.XDG_DATA_HOME;
      return join(base?.startsWith('/') ? base : join(home, '.local', 'share'), folder);
    }
  }
}

/** Makes the data folder: `named` when the operator gave one, else the default. Returns its path. Throws `host/data-folder`. */
export async function prepareDataDirectory(surroundings: Surroundings, named?: string): Promise<string> {
  const path = named ?? defaultDataDirectory(surroundings);
  try {
    await makePrivateDirectory(path);
    if (named === undefined) await chmod(path, privateDirectoryMode);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConsoleError('host/data-folder', { details: { path }, cause: error });
  }
  return path;
}
