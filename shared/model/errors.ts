// Every failure that can reach an engineer has a stable code here.
// - A code is `family/what`; it never changes its meaning, so programs may test for it.
// - `status` is the HTTP status of the REST answer (RFC 9457 problem details).
// - `title` says what to do, in words that are safe to show: never a secret, never a stack.
// - Details travel in `ConsoleError.details`, which must be just as safe to show.

import { authorityErrors } from './error-catalog/authority.ts';
import { brokersErrors } from './error-catalog/brokers.ts';
import { bundlesErrors } from './error-catalog/bundles.ts';
import { campaignsErrors } from './error-catalog/campaigns.ts';
import { consoleErrors } from './error-catalog/console.ts';
import { devicesErrors } from './error-catalog/devices.ts';
import { doctorErrors } from './error-catalog/doctor.ts';
import { handoversErrors } from './error-catalog/handovers.ts';
import { monitorErrors } from './error-catalog/monitor.ts';
import { plantsErrors } from './error-catalog/plants.ts';
import { policyErrors } from './error-catalog/policy.ts';
import { vaultErrors } from './error-catalog/vault.ts';

export const errorCatalog = {
  ...consoleErrors,
  ...vaultErrors,
  ...authorityErrors,
  ...plantsErrors,
  ...brokersErrors,
  ...devicesErrors,
  ...campaignsErrors,
  ...bundlesErrors,
  ...monitorErrors,
  ...doctorErrors,
  ...policyErrors,
  ...handoversErrors,
} as const;

export type ErrorCode = keyof typeof errorCatalog;

/** Facts about one failure, safe to show and to log. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A field of the input that did not fit; `field` is a dotted path such as `subjectAltNames.0`. */
export type FieldError = { readonly field: string; readonly message: string };

/** A failure with a stable code. The message is the catalog's sentence, with what is special about this case behind it. */
export class ConsoleError extends Error {
  readonly code: ErrorCode;
  /** What is special about this case, without the catalog's sentence. */
  readonly because: string | undefined;
  readonly details: ErrorDetails;
  readonly fields: readonly FieldError[];

  constructor(
    code: ErrorCode,
    options: { because?: string; details?: ErrorDetails; fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    const title = errorCatalog[code].title;
    super(options.because ? `${title} (${options.because})` : title, { cause: options.cause });
    this.name = 'ConsoleError';
    this.code = code;
    this.because = options.because;
    this.details = options.details ?? {};
    this.fields = options.fields ?? [];
  }

  get status(): number {
    return errorCatalog[this.code].status;
  }
}

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(errorCatalog, value);

/** RFC 9457 problem details, as the REST API answers every failure. */
export type ProblemDetails = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly FieldError[];
  readonly details?: ErrorDetails;
};

export function toProblemDetails(error: ConsoleError): ProblemDetails {
  return {
    type: `urn:voke:error:${error.code}`,
    title: errorCatalog[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.fields.length > 0 && { errors: error.fields }),
    ...(Object.keys(error.details).length > 0 && { details: error.details }),
  };
}
