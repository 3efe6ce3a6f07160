// Connections to a server's own ports, made from the inside: over one SSH connection, for as long as they are needed.
// - They end at the server's loopback address, as nothing between it and the jump host needs to let them through.
// - A hardened server forwards nothing. The jump host does, or there would be no way at all: then they come from there.

import type { Duplex } from 'node:stream';
import { ConsoleError } from '../../shared/model/errors.ts';
import { connect, type RemoteTarget } from './connect.ts';
import type { RemoteSession } from './session.ts';

const loopback = '127.0.0.1';
const options = { timeoutMs: 10_000 };

export class ForwardedStreams {
  readonly #target: RemoteTarget;
  #server: Promise<RemoteSession> | undefined;
  #jump: Promise<RemoteSession> | undefined;

  constructor(target: RemoteTarget) {
    this.#target = target;
  }

  /** Logs in when it is first needed, once, whether that succeeds or not. Throws `remote/*`. */
  async open(port: number): Promise<Duplex> {
    const { host, jump } = this.#target;
    this.#server ??= connect(this.#target);
    const server = await this.#server;
    try {
      return await server.openStream({ host: loopback, port }, options);
    } catch (error) {
      const isRefused = error instanceof ConsoleError && error.code === 'remote/forwarding-refused';
      if (!isRefused || jump === undefined) throw error;
      this.#jump ??= connect(jump);
      return await (await this.#jump).openStream({ host, port }, options);
    }
  }

  /** False once a login has failed or a connection has broken off: there is nothing to be had here any more. */
  async stand(): Promise<boolean> {
    const sessions = await this.#sessions();
    return sessions.every((session) => session.status === 'fulfilled' && session.value?.isOpen !== false);
  }

  /** Ends the connections, and every stream over them. */
  async close(): Promise<void> {
    const sessions = await this.#sessions();
    for (const session of sessions) if (session.status === 'fulfilled') session.value?.close();
  }

  #sessions() {
    return Promise.allSettled([this.#server, this.#jump]);
  }
}
