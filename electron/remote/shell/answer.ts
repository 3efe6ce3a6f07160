// Reads what a script of ours said. Only lines that begin with the run's nonce count; nothing else is believed.

import { ConsoleError, type ErrorCode } from '../../../shared/model/errors.ts';
import { redact } from '../../platform/log.ts';
import type { ScriptResult } from '../session.ts';
import { permissionBits } from './modes.ts';

/** One thing said: a word and its values, such as `file ca.crt <sha256> -rw-r--r-- 0 0`. */
export type Statement = { readonly word: string; readonly values: readonly string[] };

/** One file as the other side itself reads it back. `sha256` is null where the login may not read it. */
export type ReportedFile = { readonly name: string; readonly mode: number; readonly sha256: string | null };

/** The codes that a script's failures become. */
export type AnswerCodes = {
  /** By the reason that the script gives for having changed nothing. */
  readonly reasons: Readonly<Record<string, ErrorCode>>;
  /** When it gave another reason, or never began. */
  readonly otherwise: ErrorCode;
  /** When it stopped without a last word. */
  readonly unconfirmed: ErrorCode;
  /** By what the tools complained of, where that tells more than the reason. */
  readonly complaints?: readonly { readonly pattern: RegExp; readonly code: ErrorCode }[];
};

/**
 * The statements of a script that ran to its end, or throws by `codes`.
 * `secrets` are texts that the complaints in an error must not repeat.
 */
export function readStatements(
  result: ScriptResult,
  nonce: string,
  codes: AnswerCodes,
  secrets: readonly string[] = [],
): Statement[] {
  const statements = result.stdout
    .split('\n')
    .filter((line) => line.startsWith(`${nonce} `))
    .map((line) => line.slice(nonce.length + 1).split(' '))
    .map(([word = '', ...values]): Statement => ({ word, values }));
  const complaint = withoutSecrets(result.stderr, secrets);
  const failed = statements.find(({ word }) => word === 'failed');
  if (failed) {
    const [reason = '', ...target] = failed.values;
    const complained = codes.complaints?.find(({ pattern }) => pattern.test(result.stderr))?.code;
    const code = complained ?? (Object.hasOwn(codes.reasons, reason) ? codes.reasons[reason] : undefined);
    throw failure(code ?? codes.otherwise, {
      complaint,
      target: withoutSecrets(target.join(' '), secrets).slice(0, 200),
    });
  }
  if (statements.at(-1)?.word === 'done' && result.exitCode === 0) return statements;
  const neverBegan = !statements.some(({ word }) => word === 'begin') && result.exitCode !== 0;
  throw failure(neverBegan ? codes.otherwise : codes.unconfirmed, { complaint, target: '' });
}

/** The files that the answer names. */
export const filesOf = (statements: readonly Statement[]): ReportedFile[] =>
  statements
    .filter(({ word }) => word === 'file')
    .map(({ values: [name = '', hash = '', mode = ''] }) => ({
      name,
      mode: permissionBits(mode),
      sha256: /^[0-9a-f]{64}$/.test(hash) ? hash : null,
    }));

function failure(code: ErrorCode, facts: { readonly complaint: string; readonly target: string }): ConsoleError {
  const because = [facts.target, facts.complaint].filter((part) => part !== '').join(': ');
  return new ConsoleError(code, {
    ...(because !== '' && { because }),
    details: { target: facts.target, deviceSaid: facts.complaint },
  });
}

/** Standard error, short and without `dd`'s statistics or any part of a secret. */
function withoutSecrets(stderr: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap(secretParts).filter((part) => part.length >= 8);
  const lines = stderr.split('\n').filter((line) => !/^\d+\+\d+ records |^\d+ bytes.* copied/.test(line));
  const text = parts.reduce((masked, part) => masked.replaceAll(part, '[redacted]'), lines.join('\n'));
  return String(redact(text)).trim().slice(0, 500);
}

/** The texts of a secret file that must not show: the values of JSON, the lines of anything else. */
function secretParts(content: string): string[] {
  const lines = content.split('\n');
  if (!content.startsWith('{')) return lines;
  try {
    const values: unknown[] = Object.values(JSON.parse(content));
    return values.filter((value) => typeof value === 'string');
  } catch {
    return lines;
  }
}
