import type { Client, ClientChannel } from 'ssh2';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';

type Address = { readonly host: string; readonly port: number };

/**
 * A stream through an SSH server to an address as that server sees it (RFC 4254, 7.2). Throws `remote/unreachable` when
 * nobody answers there, `remote/forwarding-refused` when the server may not or does not forward. `through` is the server.
 */
export function forward(client: Client, to: Address, through: Address): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      if (error !== undefined) return reject(refusal(error, to, through));
      // Its failures are heard by whoever speaks over it.
      channel.on('error', () => {});
      resolve(channel);
    });
  });
}

const refusal = (error: Error, to: Address, { host, port }: Address): ConsoleError =>
  new ConsoleError(codeOf(error), {
    because: `from the host ${host}`,
    details: { ...to, jumpHost: host, jumpPort: port },
    cause: error,
  });

/** RFC 4254, 5.1: reason 2 says that the host behind could not be reached; anything else that nobody tried. */
const codeOf = (error: Error): ErrorCode =>
  Reflect.get(error, 'reason') === 2 ? 'remote/unreachable' : 'remote/forwarding-refused';
