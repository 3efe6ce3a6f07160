// The one place where failures become what the hosts send.
// - A ConsoleError keeps its code, status, sentence, fields and details.
// - An input that did not fit its schema becomes `input/invalid` with the fields named.
// - Anything else becomes `internal/unexpected`; its cause goes to the log, never over the wire.

import { ORPCError, ValidationError } from '@orpc/server';
import { ConsoleError, type FieldError, isErrorCode } from '../../shared/model/errors.ts';

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

const fieldOf = ({ path = [], message }: Issue): FieldError => ({
  field: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  message,
});

/** Any thrown value as a ConsoleError. */
export function asConsoleError(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error;
  if (error instanceof ORPCError) {
    if (isErrorCode(error.code)) return new ConsoleError(error.code, { cause: error });
    if (error.code === 'BAD_REQUEST') return asInputError(error);
    if (error.code === 'NOT_FOUND') return new ConsoleError('input/not-found', { cause: error });
  }
  return new ConsoleError('internal/unexpected', { cause: error });
}

function asInputError(error: ORPCError<string, unknown>): ConsoleError {
  const fields = error.cause instanceof ValidationError ? error.cause.issues.map(fieldOf) : [];
  const because = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  return new ConsoleError('input/invalid', { fields, ...(because && { because }), cause: error });
}

/** The form in which a failure crosses every host's wire. */
export function asWireError(error: unknown): ORPCError<string, unknown> {
  const failure = asConsoleError(error);
  return new ORPCError(failure.code, {
    status: failure.status,
    message: failure.message,
    data: { fields: failure.fields, details: failure.details },
    cause: error,
  });
}
