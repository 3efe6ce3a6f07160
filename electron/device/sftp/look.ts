// What SFTP shows of a device. No program answers, so some of it is found out by a file of our own: the time that a new
// file gets is the device's clock, and its owner is the login. It is empty, lies there for a moment, and only before a
// deployment; a mere look at the state writes nothing.
// What cannot be seen is null: the type of the file system, a user's name, who may become root.

import { type Sftp, SftpFailure } from '../../remote/sftp.ts';
import type { Observation } from '../preflight.ts';
import type { DeviceState } from '../read-state.ts';
import { stageActivity } from './stage.ts';
import { deepestOf, filesIn, obstaclesOf, readable, type Target, targetAt } from './target.ts';

/** What is read of a public file. */
const longestText = 16 * 1024;

/** Like `readState`. Takes `settleMs` where a stage lies there. */
export async function stateOverSftp(
  sftp: Sftp,
  directory: string,
  names: readonly string[],
  settleMs: number,
): Promise<DeviceState> {
  const target = targetAt(directory, names);
  const [kind, activity, ...leftovers] = await Promise.all([
    directoryKind(sftp, directory),
    stageActivity(sftp, target, settleMs),
    sftp.lstat(target.installing),
    sftp.lstat(target.arriving),
    sftp.lstat(target.replaced),
  ]);
  const wasCutOff = activity === 'quiet' || leftovers.some((facts) => facts !== null);
  const isThere = kind === 'present' || kind === 'symbolic-link';
  const [files, previous, certificatePem, connectionJson] = isThere
    ? await Promise.all([
        filesIn(sftp, directory, names),
        previousFiles(sftp, target),
        textOf(sftp, target.path('device.crt')),
        textOf(sftp, target.path('connection.json')),
      ])
    : [[], null, null, null];
  return {
    clock: null,
    userId: null,
    directory: kind,
    files,
    previous,
    certificatePem,
    connectionJson,
    installation: activity === 'busy' ? 'running' : wasCutOff ? 'cutOff' : 'none',
  };
}

async function directoryKind(sftp: Sftp, directory: string): Promise<DeviceState['directory']> {
  const facts = await sftp.lstat(directory);
  switch (facts?.kind) {
    case undefined:
      return 'absent';
    case 'directory':
      return 'present';
    case 'link':
      return 'symbolic-link';
    case 'file':
    case 'other':
      return 'not-a-directory';
  }
}

async function previousFiles(sftp: Sftp, { previous, names }: Target) {
  return (await sftp.stat(previous))?.kind === 'directory' ? await filesIn(sftp, previous, names) : null;
}

async function textOf(sftp: Sftp, path: string): Promise<string | null> {
  if ((await sftp.stat(path))?.kind !== 'file') return null;
  return (await readable(sftp, path))?.subarray(0, longestText).toString('utf8') ?? null;
}

/** Like `observe`. */
export async function observeOverSftp(
  sftp: Sftp,
  directory: string,
  names: readonly string[],
  settleMs: number,
): Promise<Observation> {
  const state = await stateOverSftp(sftp, directory, names, settleMs);
  const deepest = await deepestOf(sftp, directory);
  const [obstacles, facts, space] = await Promise.all([
    obstaclesOf(sftp, targetAt(directory, names)),
    sftp.stat(deepest),
    sftp.space(deepest),
  ]);
  const probe = space?.isReadOnly ? null : await probeIn(sftp, deepest);
  return {
    state: { ...state, clock: probe?.clock ?? null, userId: probe?.userId ?? null },
    userName: null,
    elevators: [],
    shell: null,
    missingTools: [],
    sftp: { canReplace: sftp.canReplace, canFlush: sftp.canFlush },
    mount: space && { point: deepest, type: null, isReadOnly: space.isReadOnly },
    freeKib: space?.freeKib ?? null,
    target: facts && {
      path: deepest,
      mode: facts.mode & 0o777,
      owner: String(facts.uid),
      group: String(facts.gid),
      isWritable: probe !== null,
    },
    obstacles,
    isOwnerKnown: null,
  };
}

/** What a new file shows; null where the login may not make one. */
async function probeIn(sftp: Sftp, directory: string): Promise<{ clock: string; userId: number } | null> {
  const path = `${directory}/.voke-probe`;
  try {
    await sftp.remove(path);
    await sftp.create(path, Buffer.alloc(0));
    const facts = await sftp.lstat(path);
    await sftp.remove(path);
    return facts && { clock: new Date(facts.modifiedAt * 1000).toISOString(), userId: facts.uid };
  } catch (error) {
    if (error instanceof SftpFailure) return null;
    throw error;
  }
}
