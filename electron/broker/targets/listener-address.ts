import { createServer, connect as tcpConnect } from 'node:net';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { ConfListener } from '../../../shared/model/mosquitto/conf.ts';

const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where a client on this machine reaches a listener. */
export const localAddress = ({ address }: Pick<ConfListener, 'address'>): string =>
  address === null ? '127.0.0.1' : (wildcards[address] ?? address);

/** Throws `broker/port-busy` with the port, when somebody listens there already. */
export async function assertPortFree({ port, address }: Pick<ConfListener, 'port' | 'address'>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new ConsoleError('broker/port-busy', { because: `port ${port}`, details: { port }, cause: error }));
      // What else forbids listening here, Mosquitto says in its own words when it starts.
      else resolve();
    });
    server.listen({ port, host: address ?? undefined, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Whether a listener takes connections now. */
export function accepts(listener: Pick<ConfListener, 'port' | 'address'>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ port: listener.port, host: localAddress(listener) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Resolves when the broker has served a connection from its first byte to its end. Mosquitto has one thread, so
 * whatever it was told before is done then. Bytes that are no TLS record make it hang up.
 */
export function roundTrip(listener: Pick<ConfListener, 'port' | 'address'>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ port: listener.port, host: localAddress(listener) });
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('connect', () => socket.write(Buffer.alloc(64)));
    socket.on('data', () => {});
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNRESET'));
    socket.once('close', () => resolve(true));
  });
}
