import { ConsoleError } from '../../../shared/model/errors.ts';
import type { Fault } from '../../../shared/model/mosquitto/fault.ts';

/** Something of somebody else that a push keeps: a user, an ACL entry, a line of mosquitto.conf. */
export type KeptEntry = {
  readonly file: string;
  /** In words, such as `user nodered` or `listener 1883`; never a line's text. */
  readonly entry: string;
};

/** A part of a found file with the console's entries renewed, and what was kept in it. */
export type MergedText = { readonly text: string; readonly kept: readonly string[] };

/** Makes the failure for a line, counted from 1 in the part that is read. */
export type Refusal = (fault: Pick<Fault, 'line' | 'reason'>) => ConsoleError;

/** Names file and line, never what stands there. */
export const foreignFileInvalid = (file: string, fault: Pick<Fault, 'line' | 'reason'>): ConsoleError =>
  new ConsoleError('broker/foreign-file-invalid', {
    because: `${file}, line ${fault.line}: ${fault.reason}`,
    details: { file, line: fault.line, reason: fault.reason },
  });

/** The comment that stands on top of every file that the console writes. */
export const headingMark = '# Written by Voke Console';
export const isHeading = (line: string): boolean => line.startsWith(headingMark);

/** Adds a line; of several empty ones only the first. */
export function pushLine(lines: string[], line: string): void {
  if (line.trim() === '' && (lines.length === 0 || lines.at(-1)?.trim() === '')) return;
  lines.push(line);
}
