import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';
import { algorithmsFor } from './algorithms.ts';
import type { Endpoint } from './endpoint.ts';
import { type ConnectionPhase, connectionFailure } from './failures.ts';
import { describeHostKey, isPinnedHostKey } from './fingerprint.ts';
import { loginHandler, type RemoteAuthentication } from './login.ts';

/** A server to log in to, and the only key that it may show: SHA-256 in base64 without padding. */
export type LoginTarget = Endpoint & {
  readonly username: string;
  readonly authentication: RemoteAuthentication;
  readonly hostKey: { readonly kind: 'pinned'; readonly fingerprint: string };
};

/** How the server is reached: by its address, or over a stream that leads to it. */
export type RouteSocket = { readonly host: string; readonly port: number } | { readonly sock: Duplex };

/** One login attempt, never repeated by itself, since repeated failures lock accounts. Throws `remote/*`. */
export async function openClient(target: LoginTarget, socket: RouteSocket): Promise<Client> {
  const { host, port, username, hostKey, readyTimeoutMs = 20_000, allowsLegacyAlgorithms = false } = target;
  const authHandler = await loginHandler(username, target.authentication);

  const client = new Client();
  let phase: ConnectionPhase = 'reaching';
  await new Promise<void>((resolve, reject) => {
    const fail = (error?: Error) => {
      reject(connectionFailure(error, phase, { host, port }));
      client.end();
    };
    client.on('connect', () => {
      phase = 'greeting';
    });
    client.on('handshake', () => {
      phase = 'authenticating';
    });
    client.on('ready', () => {
      phase = 'ready';
      resolve();
    });
    // Stays for the whole life of the client: a second error can follow the first, and an unheard one ends the process.
    client.on('error', fail);
    client.on('close', () => fail());
    client.connect({
      ...socket,
      username,
      readyTimeout: readyTimeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      authHandler,
      algorithms: algorithmsFor(allowsLegacyAlgorithms),
      hostVerifier: (blob: Buffer) => {
        if (isPinnedHostKey(blob, hostKey.fingerprint)) return true;
        const shownFingerprint = describeHostKey(blob).fingerprint;
        reject(
          new ConsoleError('remote/host-key-changed', {
            because: `confirmed SHA256:${hostKey.fingerprint}, shown SHA256:${shownFingerprint}`,
            details: { host, port, confirmedFingerprint: hostKey.fingerprint, shownFingerprint },
          }),
        );
        return false;
      },
    });
    // Without it small transfers are 4 to 28 times slower.
    client.setNoDelay(true);
  });
  return client;
}
