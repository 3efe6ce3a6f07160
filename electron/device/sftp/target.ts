// The target directory over SFTP: the same places and the same refusals as in generation-script.ts, so that a device whose
// transport was changed is read and mended all the same.

import type { DeviceFile } from '../../../shared/model/device.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { randomHex } from '../../platform/random.ts';
import { type Sftp, SftpFailure } from '../../remote/sftp.ts';
import { plainName } from '../../remote/shell/script.ts';
import { plainDirectory } from '../deploy.ts';
import { ancestorsOf } from '../generation-script.ts';
import { sha256 } from '../install-script.ts';
import type { Obstacle } from '../preflight.ts';

/** Ours are a few KiB; what is longer is not read whole. */
const longestFile = 256 * 1024;

export type Target = {
  readonly directory: string;
  readonly names: readonly string[];
  /** One run's own part of the stage: whoever took the stage over has another. */
  readonly run: string;
  readonly stage: string;
  readonly own: string;
  /** What scp left. */
  readonly arriving: string;
  readonly previous: string;
  /** The set that was kept until now. */
  readonly replaced: string;
  readonly installing: string;
  path(name: string): string;
};

/** Throws `device/invalid-directory`, and TypeError for a name that is more than a file name. */
export function targetAt(directory: string, names: readonly string[]): Target {
  for (const name of names) plainName(name);
  const at = plainDirectory(directory);
  const run = randomHex(16);
  return {
    directory: at,
    names,
    run,
    stage: `${at}/.incoming`,
    own: `${at}/.incoming/${run}`,
    arriving: `${at}/.arriving`,
    previous: `${at}/.previous`,
    replaced: `${at}/.replaced`,
    installing: `${at}/.installing`,
    path: (name) => `${at}/${name}`,
  };
}

/** What stands in the way of an installation, the directory's own way first. */
export async function obstaclesOf(
  sftp: Sftp,
  target: Target,
): Promise<{ readonly kind: Obstacle; readonly path: string }[]> {
  const { directory, names, previous, replaced, stage, arriving, installing } = target;
  const link = async (path: string) =>
    (await sftp.lstat(path))?.kind === 'link' ? obstacle('symbolic-link', path) : [];
  const ancestor = async (path: string) => {
    const facts = (await sftp.stat(path)) ?? (await sftp.lstat(path));
    return facts && facts.kind !== 'directory' ? obstacle('not-a-directory', path) : [];
  };
  const file = async (path: string) => {
    const facts = await sftp.lstat(path);
    if (facts?.kind === 'link') return obstacle('symbolic-link', path);
    return facts && facts.kind !== 'file' ? obstacle('not-a-regular-file', path) : [];
  };
  const ownDirectory = async (path: string) => {
    const facts = await sftp.lstat(path);
    if (facts?.kind === 'link') return obstacle('symbolic-link', path);
    return facts && facts.kind !== 'directory' ? obstacle('not-a-directory', path) : [];
  };
  const found = await Promise.all([
    link(directory),
    ...ancestorsOf(directory).map(ancestor),
    ...[...names.map(target.path), installing].map(file),
    ...[previous, replaced, stage, arriving].map(ownDirectory),
  ]);
  return found.flat();
}

const obstacle = (kind: Obstacle, path: string) => [{ kind, path }];

/** Throws `device/symbolic-link`, `device/not-a-directory`, `device/not-a-regular-file`. */
export async function checkTarget(sftp: Sftp, target: Target): Promise<void> {
  const [first] = await obstaclesOf(sftp, target);
  if (first) throw new ConsoleError(`device/${first.kind}`, { because: first.path, details: { target: first.path } });
}

/** The deepest of the directory's parents that is there, or it itself. */
export async function deepestOf(sftp: Sftp, directory: string): Promise<string> {
  const ancestors = ancestorsOf(directory);
  const facts = await Promise.all(ancestors.map((path) => sftp.stat(path)));
  const missing = facts.findIndex((fact) => fact?.kind !== 'directory');
  return missing < 0 ? directory : (ancestors[missing - 1] ?? '/');
}

/** Makes what is missing of the directory and its parents, for everybody to pass through. Answers with what was made. */
export async function makeDirectories(sftp: Sftp, directory: string): Promise<string[]> {
  const made: string[] = [];
  for (const path of ancestorsOf(directory)) {
    if ((await sftp.stat(path)) !== null) continue;
    await sftp.makeDirectory(path, 0o755);
    made.push(path);
  }
  return made;
}

/** The files that a directory holds of `names`, read back to the byte. */
export async function filesIn(sftp: Sftp, directory: string, names: readonly string[]): Promise<DeviceFile[]> {
  const files = await Promise.all(names.map((name) => describe(sftp, directory, name)));
  return files.filter((file) => file !== null);
}

async function describe(sftp: Sftp, directory: string, name: string): Promise<DeviceFile | null> {
  const path = `${directory}/${name}`;
  const facts = await sftp.stat(path);
  if (facts?.kind !== 'file') return null;
  const content = await readable(sftp, path);
  return { name, mode: facts.mode & 0o777, sha256: content && sha256(content) };
}

/** The content of a file; null where there is none, where it is too long to be ours, or where the login may not read it. */
export async function readable(sftp: Sftp, path: string): Promise<Buffer | null> {
  try {
    return await sftp.read(path, longestFile);
  } catch (error) {
    if (error instanceof SftpFailure && error.reason !== 'failure') return null;
    throw error;
  }
}

/** A copy with the mode and, where the login may give it, the owner of the original. False when there is none. */
export async function copyFile(sftp: Sftp, from: string, to: string): Promise<boolean> {
  const facts = await sftp.lstat(from);
  if (facts?.kind !== 'file') return false;
  const content = await sftp.read(from, longestFile);
  if (content === null) throw new SftpFailure('failure', from);
  await sftp.create(to, content);
  await keepOwner(sftp, to, facts);
  await sftp.setMode(to, facts.mode);
  return true;
}

async function keepOwner(sftp: Sftp, path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const made = await sftp.stat(path);
  if (made?.uid === uid && made.gid === gid) return;
  try {
    await sftp.setOwner(path, uid, gid);
  } catch (error) {
    if (!(error instanceof SftpFailure)) throw error;
  }
}

/** Removes a directory with all that is in it; links in it, not what they point to. */
export async function removeTree(sftp: Sftp, path: string): Promise<void> {
  for (const { name, facts } of (await sftp.list(path)) ?? []) {
    const inner = `${path}/${name}`;
    if (facts.kind === 'directory') await removeTree(sftp, inner);
    else await sftp.remove(inner);
  }
  await sftp.removeDirectory(path);
}
