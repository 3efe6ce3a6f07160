// Who may call the loopback host.
// - A start token is in the start address. It works once, within ten minutes, and is traded for a cookie and a window key.
//   Its age is measured by a clock that nobody can set.
// - A cookie lets a browser read the window's files, and nothing else: other servers on this machine get it sent too.
// - A window key is a window's session; it lasts as long as the tab that holds it and this process.
// - The bearer token is for programs; it lasts as long as this process.
// - Only hashes are kept, and every comparison takes the same time.

import { randomUUID } from 'node:crypto';
import type { Session } from '../core/session.ts';
import { createToken, digestToken, tokenMatches } from './secret-token.ts';

export const startTokenLifetimeMs = 10 * 60 * 1000;

type StartToken = { readonly digest: Buffer; readonly issuedAtMs: number };
type Holder = { readonly digest: Buffer; readonly session: Session };

/** What a start token is worth. */
export type SignIn = { readonly cookie: string; readonly windowKey: string };

export class SessionBook {
  readonly #monotonicMs: () => number;
  readonly #actor: string;
  readonly #bearer: Holder;
  #startTokens: readonly StartToken[] = [];
  #cookies: readonly Buffer[] = [];
  #windows: readonly Holder[] = [];

  /**
   * `actor` is the operator's name in the audit trail; `bearerToken` is the one that programs present;
   * `monotonicMs` counts milliseconds and never jumps.
   */
  constructor(options: { monotonicMs: () => number; actor: string; bearerToken: string }) {
    this.#monotonicMs = options.monotonicMs;
    this.#actor = options.actor;
    this.#bearer = { digest: digestToken(options.bearerToken), session: this.#newSession(`${options.actor} (API)`) };
  }

  /** A new one-use token for a start address. */
  issueStartToken(): string {
    const token = createToken();
    const issued = { digest: digestToken(token), issuedAtMs: this.#monotonicMs() };
    this.#startTokens = [...this.#startTokens.filter((other) => this.#isFresh(other)), issued];
    return token;
  }

  /** Trades a start token for a cookie and a window key; undefined when it is unknown, used or too old. */
  redeemStartToken(token: string): SignIn | undefined {
    const found = this.#startTokens.find(({ digest }) => tokenMatches(digest, token));
    if (!found) return undefined;
    this.#startTokens = this.#startTokens.filter((other) => other !== found);
    if (!this.#isFresh(found)) return undefined;
    const [cookie, windowKey] = [createToken(), createToken()];
    this.#cookies = [...this.#cookies, digestToken(cookie)];
    this.#windows = [...this.#windows, { digest: digestToken(windowKey), session: this.#newSession(this.#actor) }];
    return { cookie, windowKey };
  }

  knowsCookie(value: string): boolean {
    return this.#cookies.some((digest) => tokenMatches(digest, value));
  }

  byWindowKey(key: string): Session | undefined {
    return this.#windows.find(({ digest }) => tokenMatches(digest, key))?.session;
  }

  byBearerToken(token: string): Session | undefined {
    return tokenMatches(this.#bearer.digest, token) ? this.#bearer.session : undefined;
  }

  #isFresh({ issuedAtMs }: StartToken): boolean {
    return this.#monotonicMs() - issuedAtMs < startTokenLifetimeMs;
  }

  #newSession(actor: string): Session {
    return { sessionId: randomUUID(), actor, host: 'loopback' };
  }
}
