// The way to a server: straight, or through a jump host that forwards the connection and sees nothing in it.

import type { Client, ClientChannel } from 'ssh2';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import { checkAddress, type Endpoint } from './endpoint.ts';
import { type LoginTarget, openClient, type RouteSocket } from './open-client.ts';

/** A server on the way. It has a login and a pinned host key of its own; the address behind it is resolved there. */
export type JumpHost = LoginTarget;

export type Route = { readonly socket: RouteSocket; readonly close: () => void };

/**
 * Logs in to the jump host, if there is one. Throws `remote/*`, with the jump host's address in the details where it is
 * the jump host that failed; `remote/forwarding-refused` when it may not or does not forward.
 */
export async function openRoute({ host, port, jump }: Endpoint & { readonly jump?: JumpHost }): Promise<Route> {
  if (jump === undefined) return { socket: { host, port }, close: () => {} };
  checkAddress(jump.host);
  const client = await openClient(jump, { host: jump.host, port: jump.port });
  try {
    const sock = await forward(client, { host, port }, jump);
    // Its failures are heard by whoever speaks over it.
    sock.on('error', () => {});
    return { socket: { sock }, close: () => client.end() };
  } catch (error) {
    client.end();
    throw error;
  }
}

function forward(client: Client, to: { host: string; port: number }, jump: JumpHost): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      if (error === undefined) return resolve(channel);
      reject(
        new ConsoleError(codeOf(error), {
          because: `from the jump host ${jump.host}`,
          details: { ...to, jumpHost: jump.host, jumpPort: jump.port },
          cause: error,
        }),
      );
    });
  });
}

/** RFC 4254, 5.1: reason 2 says that the host behind could not be reached; anything else that nobody tried. */
const codeOf = (error: Error): ErrorCode =>
  Reflect.get(error, 'reason') === 2 ? 'remote/unreachable' : 'remote/forwarding-refused';
