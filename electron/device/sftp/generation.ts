// How a directory goes from one whole set of files to the next over SFTP, by the rules of generation-script.ts and with the
// same marks on the disk. What differs:
// - SFTP moves one file at a time and only while the connection lasts. A cut among the moves leaves a mix, as a power cut
//   does: `.installing` stands from before the first move until after the last, and whoever comes next ends it.
// - SFTP copies nothing, so the kept set goes through this console and back.
// - Only files can be flushed (fsync@openssh.com), no directory: after a power cut the last moves may be undone.

import { ConsoleError } from '../../../shared/model/errors.ts';
import { type Sftp, SftpFailure } from '../../remote/sftp.ts';
import { sha256 } from '../install-script.ts';
import { isOwnStage } from './stage.ts';
import { copyFile, filesIn, readable, removeTree, type Target } from './target.ts';

/** What the new set is: a hash for each name, or null for a name that must be gone. */
export type Moves = ReadonlyMap<string, string | null>;

/** Ends what was cut off. Undefined when nothing had been moved. */
export async function endMoves(sftp: Sftp, target: Target): Promise<'finished' | 'putBack' | 'mixed' | undefined> {
  const ended = await endMarked(sftp, target);
  await keepReplaced(sftp, target);
  return ended;
}

/** Keeps again what was kept before a run that did not move its set in whole. */
export async function keepReplaced(sftp: Sftp, target: Target): Promise<void> {
  const [replaced, mark] = await Promise.all([sftp.lstat(target.replaced), sftp.lstat(target.installing)]);
  if (replaced === null || mark !== null) return;
  await removeTree(sftp, target.previous);
  await sftp.rename(target.replaced, target.previous);
}

async function endMarked(sftp: Sftp, target: Target): Promise<'finished' | 'putBack' | 'mixed' | undefined> {
  const note = await readable(sftp, target.installing);
  if (note === null && (await sftp.lstat(target.installing)) === null) return undefined;
  if (await isWhole(sftp, target, readMoves(note?.toString('utf8') ?? ''))) {
    await unmark(sftp, target);
    return 'finished';
  }
  if ((await sftp.stat(target.previous))?.kind !== 'directory') return 'mixed';
  await putBack(sftp, target);
  return 'putBack';
}

async function isWhole(sftp: Sftp, target: Target, moves: Moves): Promise<boolean> {
  const files = await filesIn(sftp, target.directory, target.names);
  return target.names.every((name) => {
    const wanted = moves.get(name);
    const file = files.find((one) => one.name === name);
    return wanted === null ? file === undefined : wanted !== undefined && file?.sha256 === wanted;
  });
}

/** Keeps what lies there as the previous set, unless it is the next set already. */
export async function keepPrevious(sftp: Sftp, target: Target, moves: Moves): Promise<void> {
  // A mix that has no previous set to be mended by must not become one.
  if ((await sftp.lstat(target.installing)) !== null) return;
  const isKept = (await sftp.stat(target.previous)) !== null;
  if (isKept && (await isWhole(sftp, target, moves))) return;
  const kept = `${target.stage}/.kept`;
  await sftp.makeDirectory(kept, 0o700);
  await Promise.all(target.names.map((name) => copyFile(sftp, target.path(name), `${kept}/${name}`)));
  if (isKept) await sftp.rename(target.previous, target.replaced);
  await sftp.rename(kept, target.previous);
}

/**
 * Moves the staged set in. A request that is refused in the middle has the previous set put back over the same connection,
 * and is thrown; `device/unconfirmed` when that was refused too, or when somebody else took over.
 */
export async function commit(sftp: Sftp, target: Target, moves: Moves): Promise<void> {
  const note = `${target.own}/.moves`;
  await sftp.create(note, Buffer.from(writeMoves(moves)));
  await sftp.replace(note, target.installing);
  try {
    for (const [name, hash] of moves) {
      if (hash === null) await sftp.remove(target.path(name));
      else await sftp.replace(`${target.own}/${name}`, target.path(name));
    }
  } catch (error) {
    if (!(error instanceof SftpFailure)) throw error;
    await takeBack(sftp, target, error);
    throw error;
  }
  await unmark(sftp, target);
}

/** The new set is there whole. */
async function unmark(sftp: Sftp, target: Target): Promise<void> {
  await removeTree(sftp, target.replaced);
  await sftp.remove(target.installing);
}

async function takeBack(sftp: Sftp, target: Target, cause: SftpFailure): Promise<void> {
  const unconfirmed = new ConsoleError('device/unconfirmed', { because: cause.path, cause });
  if (!(await isOwnStage(sftp, target))) throw unconfirmed;
  try {
    await putBack(sftp, target);
  } catch (error) {
    throw error instanceof SftpFailure ? unconfirmed : error;
  }
}

async function putBack(sftp: Sftp, target: Target): Promise<void> {
  for (const name of target.names) {
    const staged = `${target.own}/${name}`;
    await sftp.remove(staged);
    if (await copyFile(sftp, `${target.previous}/${name}`, staged)) await sftp.replace(staged, target.path(name));
    else await sftp.remove(target.path(name));
  }
  await sftp.remove(target.installing);
}

/** `device.key <sha256>`, and `token.json -` for a name that must be gone: the lines that the scripts write and read. */
const writeMoves = (moves: Moves): string => [...moves].map(([name, hash]) => `${name} ${hash ?? '-'}\n`).join('');

const readMoves = (text: string): Moves =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, name, hash] = /^(\S+) (-|[0-9a-f]{64})$/.exec(line) ?? [];
      return name === undefined || hash === undefined ? [] : [[name, hash === '-' ? null : hash] as const];
    }),
  );

/** The hash of a staged file as it was read back. Throws `device/hash-mismatch`. */
export async function confirmStaged(sftp: Sftp, path: string, content: Buffer): Promise<string> {
  const read = await sftp.read(path, content.length);
  if (read === null || !read.equals(content)) {
    throw new ConsoleError('device/hash-mismatch', { because: path, details: { target: path } });
  }
  return sha256(content);
}
