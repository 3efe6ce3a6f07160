import { once } from 'node:events';
import { WebSocket } from 'ws';
import { clientOver, socketLink } from '../../support/contract-callers.ts';
import type { HeadlessConsole } from './headless-console.ts';

export type ContractClient = ReturnType<typeof clientOver>;

/** The whole contract as a program with the console's token has it: also what the REST API does not offer. */
export async function withContract<T>(
  { url, token }: Pick<HeadlessConsole, 'url' | 'token'>,
  work: (client: ContractClient) => Promise<T>,
): Promise<T> {
  const address = new URL('/rpc', url);
  address.protocol = 'ws:';
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  try {
    return await work(clientOver(socketLink(socket)));
  } finally {
    socket.terminate();
  }
}
