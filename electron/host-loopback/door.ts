// Every request and every upgrade passes here before anything else looks at it.
// - The Host header must be our own address: a name that was rebound to 127.0.0.1 (DNS rebinding) is refused.
// - An Origin header must be our own; for a cookie that changes something, or opens a WebSocket, there must be one.
//   SameSite=Strict alone would not do: to a browser every port of 127.0.0.1 is the same site.
// - A browser that says that another site asks (Fetch Metadata) gets no answer from the API either.
// - Cookies know no ports, so the cookie's name carries ours: two consoles do not sign each other out.

import type { IncomingMessage } from 'node:http';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Session } from '../core/session.ts';
import type { OwnAddress } from './own-address.ts';
import type { SessionBook } from './session-book.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export type Caller = { readonly session: Session; readonly by: 'cookie' | 'bearer' };

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

  /** Who calls, by bearer token (RFC 6750) or else by cookie; undefined when nobody that we know. */
  identify(request: IncomingMessage): Caller | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const session = this.#sessions.byBearerToken(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '');
      return session && { session, by: 'bearer' };
    }
    for (const value of this.#cookieValues(request)) {
      const byCookie = this.#sessions.byCookie(value);
      if (byCookie) return { session: byCookie, by: 'cookie' };
    }
    return undefined;
  }

  /**
   * The caller of something that changes state, or opens a WebSocket when `upgrade` is set.
   * Throws `session/unauthorized`, or `session/forbidden-origin` for a cookie without the Origin that browsers send with it.
   */
  admit(request: IncomingMessage, { upgrade = false } = {}): Caller {
    const caller = this.identify(request);
    if (!caller) throw new ConsoleError('session/unauthorized');
    const needsOrigin = upgrade || !safeMethods.has(request.method ?? '');
    if (caller.by === 'cookie' && needsOrigin && request.headers.origin === undefined) {
      throw new ConsoleError('session/forbidden-origin');
    }
    return caller;
  }

  #cookieValues(request: IncomingMessage): readonly string[] {
    const prefix = `${this.cookieName}=`;
    return (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(prefix))
      .map((pair) => pair.slice(prefix.length));
  }
}
