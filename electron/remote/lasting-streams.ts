// Connections to a server's own ports for somebody who stays connected: what broke off is made anew when it is next
// needed. A login that was refused is not tried again, since repeated failures lock accounts; another one is.

import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import type { RemoteTarget } from './connect.ts';
import { ForwardedStreams } from './forwarded-streams.ts';

const refusals: readonly ErrorCode[] = [
  'remote/authentication-failed',
  'remote/host-key-changed',
  'remote/invalid-private-key',
];

type Login = { readonly target: RemoteTarget; readonly streams: ForwardedStreams };

export class LastingStreams {
  readonly #target: () => RemoteTarget;
  #login: Login | undefined;
  #refused: { readonly target: RemoteTarget; readonly error: ConsoleError } | undefined;

  /** `target` is asked for each login, and whether one that was refused is another one by now; what it throws, `open` throws. */
  constructor(target: () => RemoteTarget) {
    this.#target = target;
  }

  /** Throws `remote/*`. */
  async open(port: number): Promise<Duplex> {
    this.#login ??= this.#newLogin();
    const login = this.#login;
    try {
      return await login.streams.open(port);
    } catch (error) {
      if (error instanceof ConsoleError && refusals.includes(error.code)) {
        this.#refused = { target: login.target, error };
      }
      if (!(await login.streams.stand())) this.#letGo(login);
      throw error;
    }
  }

  /** Ends every stream, also of a login that is under way: for that nobody needs to wait. */
  close(): void {
    if (this.#login) this.#letGo(this.#login);
  }

  #newLogin(): Login {
    const target = this.#target();
    if (this.#refused && isDeepStrictEqual(this.#refused.target, target)) throw this.#refused.error;
    return { target, streams: new ForwardedStreams(target) };
  }

  #letGo(login: Login): void {
    void login.streams.close();
    if (this.#login === login) this.#login = undefined;
  }
}
