import { ConsoleError } from '../../shared/model/errors.ts';
import type { ScriptResult } from '../remote/session.ts';
import { readStatements, type Statement } from '../remote/shell/answer.ts';

/** What the tools say of a cause that has a code of its own; only a shell's complaint tells it. */
const causes = [
  { pattern: /No space left on device|Disk quota exceeded/, code: 'device/disk-full' },
  { pattern: /Read-only file system/, code: 'device/read-only' },
] as const;

/** sshd says the first for a login that is confined to SFTP, nologin(8) the others. */
const refusesShell = /allows sftp connections only|account is (?:currently )?not available/i;

/**
 * The statements of a script that ran to its end. Throws what it gave as its reason for having changed nothing,
 * `device/no-shell` for a login that may run nothing, `device/install-failed` when it never began, and `device/unconfirmed` when it stopped without a last word.
 * `secrets` are texts that the device's complaints must not repeat.
 */
export function readAnswer(result: ScriptResult, nonce: string, secrets: readonly string[] = []): Statement[] {
  try {
    return read(result, nonce, secrets);
  } catch (error) {
    if (!result.stdout.includes(nonce) && refusesShell.test(result.stdout)) throw new ConsoleError('device/no-shell');
    const cause = causes.find(({ pattern }) => pattern.test(result.stderr));
    const keptWhatWasThere = error instanceof ConsoleError && error.code === 'device/install-failed';
    if (!cause || !keptWhatWasThere) throw error;
    throw new ConsoleError(cause.code, {
      ...(error.because !== undefined && { because: error.because }),
      details: error.details,
    });
  }
}

const read = (result: ScriptResult, nonce: string, secrets: readonly string[]): Statement[] =>
  readStatements(
    result,
    nonce,
    {
      reasons: {
        'symbolic-link': 'device/symbolic-link',
        'not-a-directory': 'device/not-a-directory',
        'not-a-regular-file': 'device/not-a-regular-file',
        'not-writable': 'device/not-writable',
        'tool-missing': 'device/tool-missing',
        'hash-mismatch': 'device/hash-mismatch',
        'mode-not-kept': 'device/mode-not-kept',
        'clock-not-set': 'device/clock-not-set',
        'installation-running': 'device/installation-running',
        'no-previous-generation': 'device/no-previous-generation',
        'install-failed': 'device/install-failed',
        unconfirmed: 'device/unconfirmed',
      },
      otherwise: 'device/install-failed',
      unconfirmed: 'device/unconfirmed',
    },
    secrets,
  );
