import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type BrokerVersion, parseBrokerVersion } from '../version.ts';
import { canLoad } from './shared-library.ts';

/** Where packages put a daemon although it is not on an ordinary user's PATH. */
const extraDirectories = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

const pluginDirectories = [
  '/usr/lib',
  '/usr/lib/mosquitto',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/local/lib',
  '/usr/local/lib/mosquitto',
  '/mosquitto/plugins',
];
const pluginNames = ['mosquitto_jwt_auth.so', 'libmosquitto_jwt_auth.so'];

/** Throws `broker/mosquitto-missing`. */
export async function findMosquitto(searchPath: string = process.env.PATH ?? ''): Promise<string> {
  const name = process.platform === 'win32' ? 'mosquitto.exe' : 'mosquitto';
  const directories = [...searchPath.split(delimiter).filter(isAbsolute), ...extraDirectories];
  const program = await firstThatIs(
    constants.X_OK,
    directories.map((directory) => join(directory, name)),
  );
  if (program === undefined) throw new ConsoleError('broker/mosquitto-missing');
  return program;
}

/** Asks the program itself. Throws `broker/mosquitto-missing` when it cannot be run, `broker/unsupported-version`. */
export async function readVersion(program: string): Promise<BrokerVersion> {
  const output = await new Promise<string>((resolve, reject) => {
    // The exit status of -h differs between versions; only a program that cannot be run counts.
    execFile(program, ['-h'], { timeout: 10_000 }, (error, stdout) => {
      if (error !== null && stdout === '') reject(new ConsoleError('broker/mosquitto-missing', { cause: error }));
      else resolve(stdout);
    });
  });
  return parseBrokerVersion(output);
}

/**
 * The plugin of the token listener: the one asked for, else one at a usual place; null when there is none that the
 * program can load.
 */
export async function findJwtPlugin(program: string, wanted?: string): Promise<string | null> {
  const usual = pluginDirectories.flatMap((directory) => pluginNames.map((name) => join(directory, name)));
  const path = await firstThatIs(constants.R_OK, wanted === undefined ? usual : [wanted]);
  return path !== undefined && (await canLoad(program, path)) ? path : null;
}

async function firstThatIs(mode: number, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, mode).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
