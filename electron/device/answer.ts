import type { ScriptResult } from '../remote/session.ts';
import { readStatements, type Statement } from '../remote/shell/answer.ts';

/**
 * The statements of a script that ran to its end. Throws what it gave as its reason for having changed nothing,
 * `device/install-failed` when it never began, and `device/unconfirmed` when it stopped without a last word.
 * `secrets` are texts that the device's complaints must not repeat.
 */
export const readAnswer = (result: ScriptResult, nonce: string, secrets: readonly string[] = []): Statement[] =>
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
        'no-previous-generation': 'device/no-previous-generation',
        'install-failed': 'device/install-failed',
        unconfirmed: 'device/unconfirmed',
      },
      otherwise: 'device/install-failed',
      unconfirmed: 'device/unconfirmed',
    },
    secrets,
  );
