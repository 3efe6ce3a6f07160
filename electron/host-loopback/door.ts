// Every request and every upgrade passes here before anything else looks at it.
// - The Host header must be our own address: a name that was rebound to 127.0.0.1 (DNS rebinding) is refused.
// - An Origin header must be our own. A browser that says that another site asks (Fetch Metadata) gets no answer from
//   the API either.
// - The cookie opens the window's files and no more. Cookies know no ports, so a browser shows ours to every server on
//   127.0.0.1, which could replay it from a program with any Origin it likes.
// - A window's WebSocket needs its window key, which the browser keeps to our origin with its port; REST needs the
//   bearer token.
// - The cookie's name carries our port, so that two consoles do not sign each other out.

import type { IncomingMessage } from 'node:http';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Session } from '../core/session.ts';
import type { OwnAddress } from './own-address.ts';
import type { SessionBook } from './session-book.ts';

export class Door {
  readonly #address: OwnAddress;
  readonly #sessions: SessionBook;

  constructor(address: OwnAddress, sessions: SessionBook) {
    this.#address = address;
    this.#sessions = sessions;
  }

  get cookieName(): string {
    return `voke_session_${this.#address.port}`;
  }

  /** Throws `session/forbidden-origin` for a request that does not come from our own pages, or from a program. */
  checkOrigin(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    if (!this.#address.isOwnHost(host)) throw new ConsoleError('session/forbidden-origin');
    if (origin !== undefined && origin !== `http://${host}`) throw new ConsoleError('session/forbidden-origin');
  }

  /** Throws `session/forbidden-origin` when a browser says that another site asks. Links to our pages may come from anywhere. */
  checkFetchSite(request: IncomingMessage): void {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new ConsoleError('session/forbidden-origin');
    }
  }

  /** Whether a browser was signed in here before. Not enough for anything that a stranger may not have. */
  hasCookie(request: IncomingMessage): boolean {
    const prefix = `${this.cookieName}=`;
    return splitList(request.headers.cookie, ';').some(
      (pair) => pair.startsWith(prefix) && this.#sessions.knowsCookie(pair.slice(prefix.length)),
    );
  }

  /** Lets browsers that were signed in, and programs, read the window's files. Throws `session/unauthorized`. */
  admitReader(request: IncomingMessage): void {
    if (request.headers.authorization !== undefined) this.admitProgram(request);
    else if (!this.hasCookie(request)) throw new ConsoleError('session/unauthorized');
  }

  /** The session of a program, by its bearer token (RFC 6750). Throws `session/unauthorized`. */
  admitProgram(request: IncomingMessage): Session {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const session = this.#sessions.byBearerToken(token);
    if (!session) throw new ConsoleError('session/unauthorized');
    return session;
  }

  /**
   * The session of who opens a WebSocket: a program, or a window with its cookie and its key.
   * Throws `session/unauthorized`, or `session/forbidden-origin` for a window without the Origin that browsers send.
   */
  admitCaller(request: IncomingMessage): Session {
    const { authorization, origin } = request.headers;
    if (authorization !== undefined) return this.admitProgram(request);
    if (!this.hasCookie(request)) throw new ConsoleError('session/unauthorized');
    if (origin === undefined) throw new ConsoleError('session/forbidden-origin');
    for (const offered of splitList(request.headers['sec-websocket-protocol'], ',')) {
      const session = this.#sessions.byWindowKey(offered);
      if (session) return session;
    }
    throw new ConsoleError('session/unauthorized');
  }
}

const splitList = (header: string | undefined, separator: string): readonly string[] =>
  (header ?? '').split(separator).map((item) => item.trim());
