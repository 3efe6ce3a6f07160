// One connection for one action: one login attempt on each server, never repeated by itself.

import { checkAddress } from './endpoint.ts';
import { type LoginTarget, openClient } from './open-client.ts';
import { type JumpHost, openRoute } from './route.ts';
import { RemoteSession } from './session.ts';

export type { RemoteAuthentication } from './login.ts';

export type RemoteTarget = LoginTarget & {
  /** The server that the connection goes through. */
  readonly jump?: JumpHost;
};

/**
 * Logs in to `target` and answers with a ready session. The caller closes it.
 * Throws `remote/*`; `remote/host-key-changed` carries both fingerprints in its details, and nothing was sent then.
 */
export async function connect(target: RemoteTarget): Promise<RemoteSession> {
  const { host, port } = target;
  checkAddress(host);
  const route = await openRoute(target);
  try {
    const client = await openClient(target, route.socket);
    client.once('close', route.close);
    return new RemoteSession(client, { host, port });
  } catch (error) {
    route.close();
    throw error;
  }
}
