// SFTP names no cause of a failure: a full disk and a read-only file system look alike. The server is asked what it can
// tell of the file system, right after the failure and before anything is cleared away.

import { ConsoleError, type ErrorCode } from '../../../shared/model/errors.ts';
import { type Sftp, SftpFailure } from '../../remote/sftp.ts';

/** Too little for one more block. */
const fullKib = 4;

/** What refused requests mean for a target that nothing was changed of. Other failures stay what they are. */
export async function explained(sftp: Sftp, directory: string, error: unknown): Promise<unknown> {
  if (!(error instanceof SftpFailure)) return error;
  const code = await codeOf(sftp, directory, error);
  return new ConsoleError(code, {
    because: error.path,
    details: { target: error.path, deviceSaid: error.reason },
    cause: error,
  });
}

async function codeOf(sftp: Sftp, directory: string, { reason }: SftpFailure): Promise<ErrorCode> {
  if (reason === 'permission-denied') return 'device/not-writable';
  const space = await sftp.space(directory).catch(() => null);
  if (space?.isReadOnly) return 'device/read-only';
  return space && space.freeKib < fullKib ? 'device/disk-full' : 'device/install-failed';
}
