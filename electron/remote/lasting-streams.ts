// Connections to a server's own ports for somebody who stays connected: what broke off is made anew when it is next
// needed. A login that was refused is not tried again, since repeated failures lock accounts.

import type { Duplex } from 'node:stream';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import type { RemoteTarget } from './connect.ts';
import { ForwardedStreams } from './forwarded-streams.ts';

const refusals: readonly ErrorCode[] = [
  'remote/authentication-failed',
  'remote/host-key-changed',
  'remote/invalid-private-key',
];

export class LastingStreams {
  readonly #target: () => RemoteTarget;
  #streams: ForwardedStreams | undefined;
  #refusal: ConsoleError | undefined;

  /** `target` is asked for each login; what it throws, `open` throws. */
  constructor(target: () => RemoteTarget) {
    this.#target = target;
  }

  /** Throws `remote/*`. */
  async open(port: number): Promise<Duplex> {
    if (this.#refusal) throw this.#refusal;
    this.#streams ??= new ForwardedStreams(this.#target());
    const streams = this.#streams;
    try {
      return await streams.open(port);
    } catch (error) {
      if (error instanceof ConsoleError && refusals.includes(error.code)) this.#refusal = error;
      if (!(await streams.stand())) this.#letGo(streams);
      throw error;
    }
  }

  /** Ends every stream, also of a login that is under way: for that nobody needs to wait. */
  close(): void {
    if (this.#streams) this.#letGo(this.#streams);
  }

  #letGo(streams: ForwardedStreams): void {
    void streams.close();
    if (this.#streams === streams) this.#streams = undefined;
  }
}
