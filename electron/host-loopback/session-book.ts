// Who may call the loopback host.
// - A start token is in the start address. It works once, within ten minutes, and is traded for a cookie.
// - A cookie is a browser's session; it lasts as long as the browser and this process.
// - The bearer token is for programs; it lasts as long as this process.
// - Only hashes are kept, and every comparison takes the same time.

import { randomUUID } from 'node:crypto';
import type { Session } from '../core/session.ts';
import type { Clock } from '../platform/clock.ts';
import { createToken, digestToken, tokenMatches } from './secret-token.ts';

export const startTokenLifetimeMs = 10 * 60 * 1000;

type StartToken = { readonly digest: Buffer; readonly expiresAt: number };
type Cookie = { readonly digest: Buffer; readonly session: Session };

export class SessionBook {
  readonly #clock: Clock;
  readonly #actor: string;
  readonly #bearer: Cookie;
  #startTokens: readonly StartToken[] = [];
  #cookies: readonly Cookie[] = [];

  /** `actor` is the operator's name in the audit trail; `bearerToken` is the one that programs present. */
  constructor(options: { clock: Clock; actor: string; bearerToken: string }) {
    this.#clock = options.clock;
    this.#actor = options.actor;
    this.#bearer = { digest: digestToken(options.bearerToken), session: this.#newSession(`${options.actor} (API)`) };
  }

  /** A new one-use token for a start address. */
  issueStartToken(): string {
    const token = createToken();
    const now = this.#clock.now().getTime();
    this.#startTokens = [
      ...this.#startTokens.filter(({ expiresAt }) => expiresAt > now),
      { digest: digestToken(token), expiresAt: now + startTokenLifetimeMs },
    ];
    return token;
  }

  /** Trades a start token for the value of a session cookie; undefined when it is unknown, used or too old. */
  redeemStartToken(token: string): string | undefined {
    const found = this.#startTokens.find(({ digest }) => tokenMatches(digest, token));
    if (!found) return undefined;
    this.#startTokens = this.#startTokens.filter((other) => other !== found);
    if (found.expiresAt <= this.#clock.now().getTime()) return undefined;
    const cookie = createToken();
    this.#cookies = [...this.#cookies, { digest: digestToken(cookie), session: this.#newSession(this.#actor) }];
    return cookie;
  }

  byCookie(value: string): Session | undefined {
    return this.#cookies.find(({ digest }) => tokenMatches(digest, value))?.session;
  }

  byBearerToken(token: string): Session | undefined {
    return tokenMatches(this.#bearer.digest, token) ? this.#bearer.session : undefined;
  }

  #newSession(actor: string): Session {
    return { sessionId: randomUUID(), actor, host: 'loopback' };
  }
}
