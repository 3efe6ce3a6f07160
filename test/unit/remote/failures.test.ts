import { expect, it } from 'vitest';
import { type ConnectionPhase, connectionFailure } from '../../../electron/remote/failures.ts';

/** The error shapes that ssh2 shows against OpenSSH and dropbear. */
const shapes: readonly [
  string,
  ConnectionPhase,
  { message?: string; level?: string; code?: string | number } | undefined,
  string,
][] = [
  ['a wrong login', 'authenticating', { level: 'client-authentication' }, 'remote/authentication-failed'],
  [
    'sshd after too many tries',
    'authenticating',
    { message: 'Too many authentication failures', code: 2 },
    'remote/authentication-failed',
  ],
  ['dropbear after too many tries', 'authenticating', undefined, 'remote/authentication-failed'],
  ['an agent that is not there', 'authenticating', { level: 'agent' }, 'remote/authentication-failed'],
  ['a lock-out by reset', 'greeting', { level: 'client-socket', code: 'ECONNRESET' }, 'remote/closed-before-login'],
  ['a lock-out by hang-up', 'greeting', { message: 'Connection lost before handshake' }, 'remote/closed-before-login'],
  ['a silent host', 'greeting', { level: 'client-timeout' }, 'remote/timeout'],
  ['a host that drops packets', 'reaching', { level: 'client-timeout' }, 'remote/timeout'],
  ['no route', 'reaching', { level: 'client-socket', code: 'EHOSTUNREACH' }, 'remote/unreachable'],
  ['an unknown name', 'reaching', { level: 'client-socket', code: 'ENOTFOUND' }, 'remote/unreachable'],
  [
    'no common algorithm',
    'greeting',
    { message: 'Handshake failed: no matching host key format', level: 'handshake' },
    'remote/no-common-algorithm',
  ],
  ['an unanswered keepalive', 'ready', { level: 'client-timeout' }, 'remote/connection-lost'],
  ['a cut cable', 'ready', { level: 'client-socket', code: 'ECONNRESET' }, 'remote/connection-lost'],
];

it.each(shapes)('%s, while %s', (_what, phase, shape, code) => {
  const error = shape && Object.assign(new Error(shape.message ?? 'ssh2'), shape);
  const failure = connectionFailure(error, phase, { host: 'plc.example', port: 22 });
  expect(failure).toMatchObject({ code, details: { host: 'plc.example', port: 22 } });
});

it('names the reason of the operating system', () => {
  const error = Object.assign(new Error('connect'), { level: 'client-socket', code: 'ENETUNREACH' });
  expect(connectionFailure(error, 'reaching', { host: 'plc', port: 22 }).details).toMatchObject({
    reason: 'ENETUNREACH',
  });
});
