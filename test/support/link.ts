// A cable between console and device that a test can cut.

import { once } from 'node:events';
import { createServer, connect as openSocket, type Socket } from 'node:net';

export type Link = {
  readonly port: number;
  /** Bytes that went from the console to the device over all connections. */
  readonly sent: () => number;
  /** The most connections that were open at a time. */
  readonly mostAtOnce: () => number;
  /** How many connections go over it now. */
  readonly connections: () => number;
  /** Ends those that go over it now; others may come. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
};

/** Forwards to a loopback port; after `cutAfter` bytes towards the device each connection is cut off. */
export async function startLink(devicePort: number, { cutAfter = Infinity } = {}): Promise<Link> {
  const sockets = new Set<Socket>();
  let sent = 0;
  let connections = 0;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  let mostAtOnce = 0;
  const server = createServer((near) => {
    const far = openSocket(devicePort, '127.0.0.1');
    let passed = 0;
    connections += 1;
    mostAtOnce = Math.max(mostAtOnce, connections);
    near.once('close', () => {
      connections -= 1;
    });
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', cut);
      socket.on('close', cut);
    }
    near.on('data', (chunk: Buffer) => {
      const through = chunk.subarray(0, cutAfter - passed);
      passed += through.length;
      sent += through.length;
      far.write(through, () => {
        if (passed >= cutAfter) cut();
      });
    });
    far.on('data', (chunk: Buffer) => near.write(chunk));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    sent: () => sent,
    mostAtOnce: () => mostAtOnce,
    connections: () => connections,
    cut: cutAll,
    stop: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
