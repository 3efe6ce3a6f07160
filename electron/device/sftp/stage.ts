// The stage over SFTP, which is also the turn of whoever installs. Making a directory is the one thing that only one of
// two can do.
// - No process of the device stands behind it: when the connection ends, at most one request is still carried out. So a
//   stage in which nothing happens for a while is a leftover, and one in which something happens is somebody's.
// - Each run has a directory of its own in the stage. One that went on after it was thought dead finds its files gone, and
//   can move nothing of another's.

import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type Sftp, SftpFailure } from '../../remote/sftp.ts';
import { removeTree, type Target } from './target.ts';

/** Whether somebody is at work in the stage: `none` when there is no stage. Takes `settleMs` when there is one. */
export async function stageActivity(sftp: Sftp, target: Target, settleMs: number): Promise<'none' | 'quiet' | 'busy'> {
  const before = await listing(sftp, target.stage);
  if (before === null) return 'none';
  await sleep(settleMs);
  const after = await listing(sftp, target.stage);
  return after === null || after === before ? 'quiet' : 'busy';
}

/** Names, sizes and times of everything in a directory, as one text. */
async function listing(sftp: Sftp, directory: string): Promise<string | null> {
  const entries = await sftp.list(directory);
  if (entries === null) return null;
  const lines = await Promise.all(
    entries.map(async ({ name, facts }) => {
      const inner = facts.kind === 'directory' ? await listing(sftp, `${directory}/${name}`) : '';
      return `${name} ${facts.size} ${facts.modifiedAt} (${inner})`;
    }),
  );
  return lines.toSorted().join('\n');
}

/** Takes the turn: makes the stage, after a leftover is cleared away. Throws `device/installation-running`. */
export async function openStage(sftp: Sftp, target: Target, settleMs: number): Promise<void> {
  switch (await stageActivity(sftp, target, settleMs)) {
    case 'none':
      break;
    case 'busy':
      throw new ConsoleError('device/installation-running', { because: target.directory });
    case 'quiet':
      await removeTree(sftp, target.stage);
  }
  try {
    await sftp.makeDirectory(target.stage, 0o700);
  } catch (error) {
    if (!(error instanceof SftpFailure) || (await sftp.lstat(target.stage)) === null) throw error;
    throw new ConsoleError('device/installation-running', { because: target.directory });
  }
  await sftp.makeDirectory(target.own, 0o700);
  await removeTree(sftp, target.arriving);
}

/** Whether the stage is still this run's. */
export const isOwnStage = async (sftp: Sftp, target: Target): Promise<boolean> =>
  (await sftp.lstat(target.own)) !== null;
