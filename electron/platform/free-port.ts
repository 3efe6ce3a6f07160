// Ports that a server may take a moment later. Not those that the system would pick: out of the same range it gives
// every outgoing connection its port, and one of those could be faster.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the ranges of outgoing connections: Linux begins at 32768, macOS and Windows at 49152 (RFC 6335, 6). */
const [lowest, beyond] = [10_240, 32_768] as const;

/** Ports on 127.0.0.1 that nobody uses at this moment, all different. Another program may take one before the caller does. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  try {
    while (held.size < count) {
      const port = randomInt(lowest, beyond);
      const server = held.has(port) ? undefined : await hold(port);
      if (server) held.set(port, server);
    }
    return [...held.keys()];
  } finally {
    for (const server of held.values()) server.close();
  }
}

/** Undefined when somebody has it, or nobody may. */
async function hold(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}
