import type { ErrorEntries } from './entry.ts';

/** The door, the host and what runs in it. */
export const consoleErrors = {
  'input/invalid': { status: 400, title: 'The input does not fit. Correct the named fields and try again.' },
  'input/not-found': { status: 404, title: 'There is nothing at this address.' },
  'input/method-not-allowed': { status: 405, title: 'This address does not answer this method.' },
  'input/too-large': {
    status: 413,
    title: 'The request is larger than this address accepts, so it was not read. Choose smaller files.',
  },
  'session/unauthorized': { status: 401, title: 'Sign in with the start address or the bearer token of this console.' },
  'session/start-used': {
    status: 401,
    title:
      'This start address was used already, or is too old. Restart the console, or get a new address with the bearer token: POST /start.',
  },
  'session/forbidden-origin': {
    status: 403,
    title: 'This request came from another origin and was refused. Open the console by its own address.',
  },
  'host/unsupported': { status: 501, title: 'This host cannot do that. Use the desktop application for it.' },
  'host/port-busy': {
    status: 409,
    title: 'The port is already in use. Choose another port, or 0 to have a free one picked.',
  },
  'host/port-forbidden': {
    status: 403,
    title: 'This user may not open the port. Choose a port above 1023, or 0 to have a free one picked.',
  },
  'host/data-folder': {
    status: 409,
    title: 'The vault folder cannot be made or written to. Choose another one with --data-dir.',
  },
  'internal/unexpected': {
    status: 500,
    title: 'Something unexpected happened. Nothing was left half-done; see the log and report this.',
  },
  'job/console-closing': { status: 503, title: 'The console is closing and begins nothing new.' },
  'job/not-found': { status: 404, title: 'There is no job with this id.' },
} as const satisfies ErrorEntries;
