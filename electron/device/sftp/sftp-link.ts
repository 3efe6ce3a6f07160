import { ConsoleError } from '../../../shared/model/errors.ts';
import type { RemoteSession } from '../../remote/session.ts';
import type { Sftp } from '../../remote/sftp.ts';
import type { DeviceLink } from '../device-link.ts';
import { explained } from './failures.ts';
import { deployOverSftp, mendOverSftp, rollbackOverSftp } from './install.ts';
import { observeOverSftp, stateOverSftp } from './look.ts';

const requestTimeoutMs = 20_000;
/** Longer than one request takes on a slow link: a stage in which nothing happens for so long is a leftover. */
const usualSettleMs = 3_000;

/** A device without a shell, or whose owner wants none used. Throws `remote/no-sftp` and what the session throws. */
export async function openSftpLink(
  session: Pick<RemoteSession, 'openSftp'>,
  { settleMs = usualSettleMs }: { readonly settleMs?: number } = {},
): Promise<DeviceLink> {
  const sftp = await session.openSftp({ timeoutMs: requestTimeoutMs });
  const looking = async <T>(directory: string, look: (sftp: Sftp) => Promise<T>): Promise<T> => {
    try {
      return await look(sftp);
    } catch (error) {
      throw await explained(sftp, directory, error);
    }
  };
  const withoutShell = () => Promise.reject(new ConsoleError('device/no-shell'));
  return {
    // Numbers are no names that could be unknown.
    observe: (directory, names, _owner) => looking(directory, () => observeOverSftp(sftp, directory, names, settleMs)),
    readState: (directory, names) => looking(directory, () => stateOverSftp(sftp, directory, names, settleMs)),
    deploy: (deployment) => deployOverSftp(sftp, deployment, settleMs),
    rollback: (directory, names) => rollbackOverSftp(sftp, directory, names, settleMs),
    mend: (directory, names) => mendOverSftp(sftp, directory, names, settleMs),
    restartClient: withoutShell,
    setClock: withoutShell,
  };
}
