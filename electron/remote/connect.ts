// One connection for one action: one login attempt, never repeated by itself, since repeated failures lock accounts.

import { type AnyAuthMethod, Client } from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';
import { checkAddress, type Endpoint } from './endpoint.ts';
import { type ConnectionPhase, connectionFailure } from './failures.ts';
import { describeHostKey, isPinnedHostKey } from './host-key.ts';
import { readPrivateKey } from './private-key.ts';
import { RemoteSession } from './session.ts';

/** How a login proves itself. `socketPath` is that of an ssh-agent, or `pageant` on Windows. */
export type RemoteAuthentication =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'privateKey'; readonly privateKeyPem: string; readonly passphrase?: string }
  | { readonly kind: 'agent'; readonly socketPath: string };

export type RemoteTarget = Endpoint & {
  readonly username: string;
  readonly authentication: RemoteAuthentication;
  /** The only key that is accepted: SHA-256 in base64 without padding. */
  readonly hostKey: { readonly kind: 'pinned'; readonly fingerprint: string };
};

/**
 * Logs in to `target` and answers with a ready session. The caller closes it.
 * Throws `remote/*`; `remote/host-key-changed` carries both fingerprints in its details, and nothing was sent then.
 */
export async function connect(target: RemoteTarget): Promise<RemoteSession> {
  const { host, port, username, hostKey, readyTimeoutMs = 20_000 } = target;
  checkAddress(host);
  const method = await authMethod(username, target.authentication);

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
      host,
      port,
      username,
      readyTimeout: readyTimeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      authHandler: [method],
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
  return new RemoteSession(client, { host, port });
}

async function authMethod(username: string, authentication: RemoteAuthentication): Promise<AnyAuthMethod> {
  switch (authentication.kind) {
    case 'password':
      return { type: 'password', username, password: authentication.password };
    case 'privateKey': {
      const key = await readPrivateKey(authentication.privateKeyPem, authentication.passphrase);
      return { type: 'publickey', username, key };
    }
    case 'agent':
      return { type: 'agent', username, agent: authentication.socketPath };
  }
}
