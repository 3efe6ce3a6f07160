// With its HTTP backend, go-auth asks what a client may do by username and client id, and never sends the token again.
// So the token of each login is kept for as long as it lives, in memory only.
// - A login is kept under the name of its token's subject (authorizer.ts), so nobody's token stands in another's place.
// - The newest login of a pair counts: a broker ends the session before, so it is the one that is asked about. That holds
//   for one broker: two of them that ask the same service must not share client ids.
// - It is bounded. The oldest login gives way; that client is denied until it connects again.

const maxLogins = 20_000;
/** Of all tokens together. */
const maxCharacters = 64 * 1024 * 1024;

type Login = { readonly token: string; readonly expiresAt: number };

export class Logins {
  readonly #maxLogins: number;
  readonly #byClient = new Map<string, Login>();
  #characters = 0;

  constructor(options: { readonly maxLogins?: number } = {}) {
    this.#maxLogins = options.maxLogins ?? maxLogins;
  }

  /** `expiresAt` in milliseconds since 1970, as `now` below. */
  remember(username: string, clientId: string, login: Login): void {
    const key = keyOf(username, clientId);
    this.#forget(key);
    this.#byClient.set(key, login);
    this.#characters += login.token.length;
    for (const oldest of this.#byClient.keys()) {
      if (this.#byClient.size <= this.#maxLogins && this.#characters <= maxCharacters) return;
      this.#forget(oldest);
    }
  }

  /** The token of the newest login; undefined where there is none that still lives. */
  tokenOf(username: string, clientId: string, now: number): string | undefined {
    const key = keyOf(username, clientId);
    const login = this.#byClient.get(key);
    if (login && login.expiresAt > now) return login.token;
    this.#forget(key);
    return undefined;
  }

  #forget(key: string): void {
    const login = this.#byClient.get(key);
    if (!login) return;
    this.#byClient.delete(key);
    this.#characters -= login.token.length;
  }
}

/** No two pairs have the same key: the length says where the username ends. */
const keyOf = (username: string, clientId: string): string => `${username.length}:${username}${clientId}`;
