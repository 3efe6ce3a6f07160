// The start address: its one-use token is traded for the session cookie.
// - GET with the token signs a browser in. The cookie is HttpOnly and SameSite=Strict; it is not `Secure`, because
//   Safari refuses that on http://127.0.0.1, and nothing on the way could read it: it never leaves this machine.
// - A start address that was opened from another site (a mail, a local file) is answered by a page that moves on by
//   itself instead of a redirect: browsers keep a Strict cookie back from a redirect that another site began.
// - POST with the bearer token makes a new start address, for when the first one is used up.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Door } from './door.ts';
import { send, sendPage } from './response.ts';
import type { SessionBook } from './session-book.ts';

export const startPath = '/start';

export class StartPage {
  readonly #door: Door;
  readonly #sessions: SessionBook;
  readonly #newStartAddress: () => string;

  constructor(options: { door: Door; sessions: SessionBook; newStartAddress: () => string }) {
    this.#door = options.door;
    this.#sessions = options.sessions;
    this.#newStartAddress = options.newStartAddress;
  }

  /** Answers at the start address. Throws `session/start-used`, `session/unauthorized` or `input/method-not-allowed`. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): void {
    switch (request.method) {
      case 'GET':
        this.#signIn(request, response, url.searchParams.get('token') ?? '');
        break;
      case 'POST':
        this.#sendNewAddress(request, response);
        break;
      default:
        response.setHeader('Allow', 'GET, POST');
        throw new ConsoleError('input/method-not-allowed');
    }
  }

  #signIn(request: IncomingMessage, response: ServerResponse, token: string): void {
    // A reload of the start address, or a tab that the browser restored, is signed in already.
    if (this.#door.identify(request)?.by !== 'cookie') {
      const cookie = this.#sessions.redeemStartToken(token);
      if (cookie === undefined) throw new ConsoleError('session/start-used');
      response.setHeader('Set-Cookie', `${this.#door.cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`);
    }
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      sendPage(response, 200, 'Opening the console…', '<meta http-equiv="refresh" content="0;url=/">');
    } else {
      response.writeHead(303, { Location: '/' }).end();
    }
  }

  #sendNewAddress(request: IncomingMessage, response: ServerResponse): void {
    if (this.#door.admit(request).by !== 'bearer') throw new ConsoleError('session/unauthorized');
    send(response, 201, 'application/json', JSON.stringify({ url: this.#newStartAddress() }));
  }
}
