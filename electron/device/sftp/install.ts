// Deployment, rollback and mending over SFTP. Each is a run: take the turn, end what was cut off, stage the whole next set
// and read it back, keep the live one, move. Whatever fails before the moves leaves everything as it was.

import type { DeviceFile } from '../../../shared/model/device.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { Sftp } from '../../remote/sftp.ts';
import { checkDeployment, confirmed, type Deployment } from '../deploy.ts';
import type { DeploymentFile } from '../files.ts';
import type { Mended } from '../mend.ts';
import { explained } from './failures.ts';
import { commit, confirmStaged, endMoves, keepPrevious, keepReplaced, type Moves } from './generation.ts';
import { isOwnStage, openStage } from './stage.ts';
import { checkTarget, copyFile, filesIn, makeDirectories, removeTree, type Target, targetAt } from './target.ts';

/** Like `deploy`, with an owner in numbers: SFTP has no names. */
export async function deployOverSftp(
  sftp: Sftp,
  deployment: Deployment,
  settleMs: number,
): Promise<{ files: DeviceFile[] }> {
  const directory = checkDeployment(deployment);
  const { files, obsolete = [], kept = [] } = deployment;
  const owner = numericOwner(deployment.owner);
  const target = targetAt(directory, [...files.map(({ name }) => name), ...obsolete, ...kept]);
  return await inTurn(sftp, target, settleMs, async () => {
    await endMoves(sftp, target);
    const moves = new Map<string, string | null>(obsolete.map((name) => [name, null]));
    await Promise.all(files.map(async (file) => void moves.set(file.name, await stageFile(sftp, target, file, owner))));
    await Promise.all(kept.map((name) => copyFile(sftp, target.path(name), `${target.own}/${name}`)));
    const staged = await filesIn(sftp, target.own, kept);
    for (const name of kept) moves.set(name, staged.find((file) => file.name === name)?.sha256 ?? null);
    await replaceSet(sftp, target, moves);
    return { files: confirmed(files, await filesIn(sftp, directory, target.names), kept) };
  });
}

/** Like `rollback`. */
export async function rollbackOverSftp(
  sftp: Sftp,
  directory: string,
  names: readonly string[],
  settleMs: number,
): Promise<{ files: DeviceFile[] }> {
  const target = targetAt(directory, names);
  await checkTarget(sftp, target);
  if ((await sftp.stat(target.previous)) === null) {
    throw new ConsoleError('device/no-previous-generation', { because: directory });
  }
  return await inTurn(sftp, target, settleMs, async () => {
    if ((await endMoves(sftp, target)) === 'putBack') return { files: await filesIn(sftp, directory, names) };
    const wanted = await filesIn(sftp, target.previous, names);
    await Promise.all(names.map((name) => copyFile(sftp, `${target.previous}/${name}`, `${target.own}/${name}`)));
    const staged = await filesIn(sftp, target.own, names);
    requireSame(wanted, staged);
    const moves: Moves = new Map(
      names.map((name) => [name, staged.find((file) => file.name === name)?.sha256 ?? null]),
    );
    await replaceSet(sftp, target, moves);
    const files = await filesIn(sftp, directory, names);
    requireSame(wanted, files);
    return { files };
  });
}

/** Like `mend`. */
export async function mendOverSftp(
  sftp: Sftp,
  directory: string,
  names: readonly string[],
  settleMs: number,
): Promise<Mended> {
  const target = targetAt(directory, names);
  return await inTurn(sftp, target, settleMs, async () => (await endMoves(sftp, target)) ?? 'cleared');
}

/** Does `work` while the stage is this run's own, and clears it away however that ends, unless the connection did. */
async function inTurn<T>(sftp: Sftp, target: Target, settleMs: number, work: () => Promise<T>): Promise<T> {
  let made: readonly string[] = [];
  try {
    await checkTarget(sftp, target);
    made = await makeDirectories(sftp, target.directory);
    await openStage(sftp, target, settleMs);
    return await work();
  } catch (error) {
    throw await explained(sftp, target.directory, error);
  } finally {
    await endRun(sftp, target).catch(() => {});
    // Those that hold something now stay.
    for (const path of made.toReversed()) await sftp.removeDirectory(path).catch(() => {});
  }
}

/** Leaves nothing of the run behind; what a lost connection leaves is seen by the next look. */
async function endRun(sftp: Sftp, target: Target): Promise<void> {
  if (!(await isOwnStage(sftp, target))) return;
  await keepReplaced(sftp, target);
  await removeTree(sftp, target.stage);
}

async function stageFile(
  sftp: Sftp,
  target: Target,
  { name, mode, content }: DeploymentFile,
  owner: { readonly uid: number; readonly gid: number } | undefined,
): Promise<string> {
  const path = `${target.own}/${name}`;
  const bytes = Buffer.from(content);
  await sftp.create(path, bytes);
  // While it is the login's own, so that it can be read whoever it will belong to.
  const hash = await confirmStaged(sftp, path, bytes);
  await sftp.setMode(path, mode);
  if (owner) await sftp.setOwner(path, owner.uid, owner.gid);
  const facts = await sftp.lstat(path);
  if (facts === null || (facts.mode & 0o777) !== mode)
    throw new ConsoleError('device/mode-not-kept', { because: path });
  if (owner && (facts.uid !== owner.uid || facts.gid !== owner.gid))
    throw new ConsoleError('device/install-failed', { because: `${path} does not belong to its owner` });
  return hash;
}

async function replaceSet(sftp: Sftp, target: Target, moves: Moves): Promise<void> {
  await keepPrevious(sftp, target, moves);
  await commit(sftp, target, moves);
}

function requireSame(wanted: readonly DeviceFile[], found: readonly DeviceFile[]): void {
  const wrong = wanted.filter(
    ({ name, sha256 }) => sha256 === null || !found.some((file) => file.name === name && file.sha256 === sha256),
  );
  if (wrong.length === 0 && wanted.length === found.length) return;
  throw new ConsoleError('device/hash-mismatch', { details: { files: wrong.map(({ name }) => name) } });
}

function numericOwner(owner: string | undefined): { readonly uid: number; readonly gid: number } | undefined {
  if (owner === undefined) return undefined;
  const [, uid, gid] = /^(\d{1,10}):(\d{1,10})$/.exec(owner) ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  throw new ConsoleError('input/invalid', {
    fields: [{ field: 'owner', message: 'must be numbers (user:group): without a shell no name can be looked up' }],
  });
}
