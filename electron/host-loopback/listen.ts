import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsoleError } from '../../shared/model/errors.ts';

const loopback = '127.0.0.1';

function asPortError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new ConsoleError('host/port-busy', { details: { port }, cause: error });
  if (code === 'EACCES') return new ConsoleError('host/port-forbidden', { details: { port }, cause: error });
  return error;
}

/** Listens on 127.0.0.1 and nowhere else; returns the port. Throws `host/port-busy` or `host/port-forbidden`. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen({ host: loopback, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw asPortError(error, port);
  }
  return (server.address() as AddressInfo).port;
}
