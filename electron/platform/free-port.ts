import { createServer } from 'node:net';

/** Ports on 127.0.0.1 that nobody uses at this moment, all different. Another program may take one before the caller does. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve, reject) => {
            server.once('error', reject);
            server.listen(0, '127.0.0.1', () => {
              const address = server.address();
              if (address && typeof address === 'object') resolve(address.port);
              else reject(new Error('a listening server has no port'));
            });
          }),
      ),
    );
  } finally {
    for (const server of servers) server.close();
  }
}
