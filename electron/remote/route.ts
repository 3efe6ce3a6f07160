// The way to a server: straight, or through a jump host that forwards the connection and sees nothing in it.

import { checkAddress, type Endpoint } from './endpoint.ts';
import { forward } from './forward.ts';
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
    return { socket: { sock }, close: () => client.end() };
  } catch (error) {
    client.end();
    throw error;
  }
}
