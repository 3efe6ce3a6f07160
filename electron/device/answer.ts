// Reads what a script of ours said. Only lines that begin with the run's nonce count; nothing else is believed.

import type { DeviceFile } from '../../shared/model/device.ts';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import { redact } from '../platform/log.ts';
import type { ScriptResult } from '../remote/session.ts';

/** One thing said: a word and its values, such as `file ca.crt <sha256> -rw-r--r-- 0 0`. */
export type Statement = { readonly word: string; readonly values: readonly string[] };

/** The reasons that a script may give for having changed nothing (but `unconfirmed`), and their codes. */
const failureCodes = {
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
} as const satisfies Record<string, ErrorCode>;

const isFailure = (value: string): value is keyof typeof failureCodes => Object.hasOwn(failureCodes, value);

/**
 * The statements of a script that ran to its end. Throws what it gave as its reason when it failed,
 * `device/install-failed` when it never began, and `device/unconfirmed` when it stopped without a last word.
 * `secrets` are texts that the device's complaints must not repeat.
 */
export function readAnswer(result: ScriptResult, nonce: string, secrets: readonly string[] = []): Statement[] {
  const statements = result.stdout
    .split('\n')
    .filter((line) => line.startsWith(`${nonce} `))
    .map((line) => line.slice(nonce.length + 1).split(' '))
    .map(([word = '', ...values]): Statement => ({ word, values }));
  const complaint = withoutSecrets(result.stderr, secrets);
  const failed = statements.find(({ word }) => word === 'failed');
  if (failed) {
    const [reason = '', ...target] = failed.values;
    const code = isFailure(reason) ? failureCodes[reason] : 'device/install-failed';
    throw failure(code, { complaint, target: target.join(' ') });
  }
  if (statements.at(-1)?.word === 'done' && result.exitCode === 0) return statements;
  const neverBegan = !statements.some(({ word }) => word === 'begin') && result.exitCode !== 0;
  throw failure(neverBegan ? 'device/install-failed' : 'device/unconfirmed', { complaint, target: '' });
}

/** The files that the answer names, as the device itself read them back. */
export const filesOf = (statements: readonly Statement[]): DeviceFile[] =>
  statements
    .filter(({ word }) => word === 'file')
    .map(({ values: [name = '', hash = '', mode = ''] }) => ({
      name,
      mode: permissionBits(mode),
      sha256: /^[0-9a-f]{64}$/.test(hash) ? hash : null,
    }));

/** `-rw-r-----` -> 0o640; what `ls` may append for ACLs or labels is ignored. */
export const permissionBits = (symbolic: string): number =>
  [...symbolic.slice(1, 10)].reduce((bits, letter) => bits * 2 + (letter === '-' ? 0 : 1), 0);

function failure(code: ErrorCode, facts: { readonly complaint: string; readonly target: string }): ConsoleError {
  const because = [facts.target, facts.complaint].filter((part) => part !== '').join(': ');
  return new ConsoleError(code, {
    ...(because !== '' && { because }),
    details: { target: facts.target, deviceSaid: facts.complaint },
  });
}

/** The device's standard error, short and without `dd`'s statistics or any part of a secret. */
function withoutSecrets(stderr: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap(secretParts).filter((part) => part.length >= 8);
  const lines = stderr.split('\n').filter((line) => !/^\d+\+\d+ records |^\d+ bytes.* copied/.test(line));
  const text = parts.reduce((masked, part) => masked.replaceAll(part, '[redacted]'), lines.join('\n'));
  return String(redact(text)).trim().slice(0, 500);
}

/** The texts of a secret file that must not show: the values of JSON, the lines of anything else. */
function secretParts(content: string): string[] {
  if (!content.startsWith('{')) return content.split('\n');
  const values: unknown[] = Object.values(JSON.parse(content));
  return values.filter((value) => typeof value === 'string');
}
