// Turns whatever a call rejected with into what a form or a message shows.

import { ORPCError } from '@orpc/client';
import { type ErrorCode, errorCatalog, type FieldError, isErrorCode } from '../shared/model/errors.ts';
import { RequestTooLarge } from './transport.ts';

export type Failure = {
  readonly code: ErrorCode | 'connection/lost';
  /** What happened and what to do, in words. */
  readonly sentence: string;
  /** Input fields that did not fit, by dotted path. */
  readonly fields: readonly FieldError[];
};

const lostSentence = 'The connection to the console broke off. Wait until it is back, then look whether this was done.';

const isFieldError = (value: unknown): value is FieldError =>
  typeof value === 'object' && value !== null && 'field' in value && 'message' in value;

function fieldsOf(data: unknown): readonly FieldError[] {
  if (typeof data !== 'object' || data === null || !('fields' in data) || !Array.isArray(data.fields)) return [];
  return data.fields.filter(isFieldError);
}

/** Any rejected call as a failure that can be shown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ORPCError && isErrorCode(error.code)) {
    return { code: error.code, sentence: error.message, fields: fieldsOf(error.data) };
  }
  if (error instanceof RequestTooLarge) {
    return { code: 'input/too-large', sentence: errorCatalog['input/too-large'].title, fields: [] };
  }
  return { code: 'connection/lost', sentence: lostSentence, fields: [] };
}

/** The failure's field errors as a form takes them. `prefix` is the part of the path above the form, such as `device.`. */
export const formErrors = (failure: Failure, prefix = ''): Record<string, string> =>
  Object.fromEntries(
    failure.fields
      .filter(({ field }) => field.startsWith(prefix))
      .map(({ field, message }) => [field.slice(prefix.length), message]),
  );
