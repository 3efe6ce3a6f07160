// An SSH server that lets everyone in and answers commands as a test says: a device that lies, refuses or dies.

import { once } from 'node:events';
import { type Algorithms, type Connection, Server } from 'ssh2';
import { newHostKey } from '../../electron/practice/host-key.ts';

/** What the device does with a script it received: answer, or hang up without a word. */
export type ScriptedReply =
  | { readonly stdout?: string; readonly stderr?: string; readonly exitCode: number }
  | 'hang up';

export type ScriptedSshServer = {
  readonly host: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
};

/** Without `reply` the server refuses every command. */
export async function startScriptedSshServer(
  reply?: (script: string) => ScriptedReply,
  algorithms?: Algorithms,
): Promise<ScriptedSshServer> {
  const connections = new Set<Connection>();
  const hostKeys = [newHostKey().private];
  const server = new Server({ hostKeys, ...(algorithms && { algorithms }) }, (connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    connection.on('authentication', (context) => context.accept());
    connection.on('session', (accept) => {
      accept().on('exec', (acceptCommand, rejectCommand) => {
        if (!reply) return rejectCommand();
        const channel = acceptCommand();
        let script = '';
        channel.on('data', (chunk: Buffer) => {
          script += chunk.toString('utf8');
        });
        channel.on('end', () => {
          const said = reply(script);
          if (said === 'hang up') return connection.end();
          channel.stderr.write(said.stderr ?? '');
          channel.write(said.stdout ?? '');
          channel.exit(said.exitCode);
          channel.end();
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    stop: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
