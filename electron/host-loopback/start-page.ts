// The start address: its one-use token is traded for the cookie and the window's key.
// - GET with the token signs a browser in. The cookie is HttpOnly and SameSite=Strict; it is not `Secure`, because
//   Safari refuses that on http://127.0.0.1, and nothing on the way could read it: it never leaves this machine.
// - It answers with a page whose script stores the key and moves on to the window. So the key stands in no address and
//   in no history, and it works from any site: browsers keep a Strict cookie back from a redirect that another site
//   began (a mail, a local file), but not from a page that moves on by itself.
// - POST with the bearer token makes a new start address, for when the first one is used up.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConsoleError } from '../../shared/model/errors.ts';
import { windowKeyName } from '../../shared/model/window-key.ts';
import type { Door } from './door.ts';
import { send, sendPage } from './response.ts';
import type { SessionBook } from './session-book.ts';

export const startPath = '/start';
export const startScriptPath = '/start.js';

/** Of an address that this tab opened before, only the key that it still holds is left. */
const startScript = `const given = document.querySelector('meta[name="${windowKeyName}"]');
if (given) sessionStorage.setItem('${windowKeyName}', given.content);
location.replace('/');
`;

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

  /** The start page's script. It holds no secret, so anyone may have it. */
  sendScript(response: ServerResponse): void {
    send(response, 200, 'text/javascript; charset=utf-8', startScript);
  }

  #signIn(request: IncomingMessage, response: ServerResponse, token: string): void {
    const signIn = this.#sessions.redeemStartToken(token);
    // A reload of the start address, or a tab that the browser restored: the tab may still hold its key.
    if (!signIn && !this.#door.hasCookie(request)) throw new ConsoleError('session/start-used');
    let head = `<script src="${startScriptPath}" defer></script>`;
    if (signIn) {
      const { cookie, windowKey } = signIn;
      response.setHeader('Set-Cookie', `${this.#door.cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`);
      head += `<meta name="${windowKeyName}" content="${windowKey}">`;
    }
    sendPage(response, 200, 'Opening the console…', head);
  }

  #sendNewAddress(request: IncomingMessage, response: ServerResponse): void {
    this.#door.admitProgram(request);
    send(response, 201, 'application/json', JSON.stringify({ url: this.#newStartAddress() }));
  }
}
