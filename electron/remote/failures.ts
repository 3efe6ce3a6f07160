// What ssh2 reports, in the words of the error catalog. ssh2 tells failures apart by `level`, by `code` or not at all,
// so how far the connection had come decides the rest:
// - a server that hangs up after the key exchange has refused the login (dropbear sends no error for it),
// - one that hangs up before is most likely locking out after failed logins (OpenSSH from 9.8 on).

import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';

/** How far a connection has come. */
export type ConnectionPhase = 'reaching' | 'greeting' | 'authenticating' | 'ready';

const codeInPhase: Record<ConnectionPhase, ErrorCode> = {
  reaching: 'remote/unreachable',
  greeting: 'remote/closed-before-login',
  authenticating: 'remote/authentication-failed',
  ready: 'remote/connection-lost',
};

/** The failure that ended a connection in `phase`; `error` is missing when the server only closed it. */
export function connectionFailure(
  error: Error | undefined,
  phase: ConnectionPhase,
  endpoint: { readonly host: string; readonly port: number },
): ConsoleError {
  return new ConsoleError(errorCode(error, phase), {
    details: { host: endpoint.host, port: endpoint.port, ...socketDetails(error) },
    cause: error,
  });
}

function errorCode(error: Error | undefined, phase: ConnectionPhase): ErrorCode {
  if (error === undefined || phase === 'ready') return codeInPhase[phase];
  const level = property(error, 'level');
  if (level === 'client-timeout') return 'remote/timeout';
  if (level === 'client-authentication' || level === 'agent') return 'remote/authentication-failed';
  if (level === 'handshake' && /no matching/.test(error.message)) return 'remote/no-common-algorithm';
  return codeInPhase[phase];
}

/** The operating system's error code (ECONNREFUSED, EHOSTUNREACH, ENOTFOUND); it names no secret. */
function socketDetails(error: Error | undefined): { reason?: string } {
  const code = error && property(error, 'code');
  return typeof code === 'string' ? { reason: code } : {};
}

const property = (error: Error, name: string): unknown => Reflect.get(error, name);
