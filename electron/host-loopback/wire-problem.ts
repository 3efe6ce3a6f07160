// oRPC's errors and answers as HTTP has them.

import type { ORPCError } from '@orpc/server';
import {
  ConsoleError,
  type ErrorDetails,
  type FieldError,
  isErrorCode,
  type ProblemDetails,
  toProblemDetails,
} from '../../shared/model/errors.ts';

/** What core/failures.ts puts beside a code. */
type WireData = { readonly fields?: readonly FieldError[]; readonly details?: ErrorDetails };

/** The problem details of a failure. The core's own carry our codes; the rest are oRPC's, from before or after a handler ran. */
export function problemOf(error: ORPCError<string, unknown>): ProblemDetails {
  if (isErrorCode(error.code)) {
    const { fields, details } = (error.data ?? {}) as WireData;
    const known = new ConsoleError(error.code, { ...(fields && { fields }), ...(details && { details }) });
    return { ...toProblemDetails(known), detail: error.message };
  }
  switch (error.code) {
    case 'BAD_REQUEST':
      return toProblemDetails(new ConsoleError('input/invalid', { because: 'the body cannot be read' }));
    case 'PAYLOAD_TOO_LARGE':
      return toProblemDetails(new ConsoleError('input/too-large'));
    default:
      return toProblemDetails(new ConsoleError('internal/unexpected'));
  }
}

/** A body that oRPC sends as it is, with the headers beside it. Given a plain value it would set JSON's media type itself. */
export const jsonBody = (value: unknown): ReadableStream => new Blob([JSON.stringify(value)]).stream();
