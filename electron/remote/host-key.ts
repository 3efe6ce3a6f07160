// Host keys are pinned in two phases: fetch the key, disconnect, let a person compare, and only then log in to that key.
// ssh2 accepts every host when it is given no verifier, so no connection here is ever made without one.

import { Client } from 'ssh2';
import type { HostKey } from '../../shared/model/device.ts';
import { algorithmsFor } from './algorithms.ts';
import { checkAddress, type Endpoint } from './endpoint.ts';
import { type ConnectionPhase, connectionFailure } from './failures.ts';
import { describeHostKey } from './fingerprint.ts';
import { type JumpHost, openRoute } from './route.ts';

/**
 * The key that a server shows now. Disconnects before any login, so nothing but the SSH greeting is sent to it; a jump
 * host on the way is logged in to. ssh2 prefers Ed25519, then ECDSA, then RSA, as it does in `connect`: both phases see
 * the same key.
 */
export async function fetchHostKey(endpoint: Endpoint & { readonly jump?: JumpHost }): Promise<HostKey> {
  const { host, port, readyTimeoutMs = 10_000, allowsLegacyAlgorithms = false } = endpoint;
  checkAddress(host);
  const route = await openRoute(endpoint);
  try {
    return await new Promise((resolve, reject) => {
      const client = new Client();
      let phase: ConnectionPhase = 'reaching';
      const fail = (error?: Error) => reject(connectionFailure(error, phase, { host, port }));
      client.on('connect', () => {
        phase = 'greeting';
      });
      client.on('error', fail);
      client.on('close', () => fail());
      client.connect({
        ...route.socket,
        username: 'voke',
        readyTimeout: readyTimeoutMs,
        authHandler: [],
        algorithms: algorithmsFor(allowsLegacyAlgorithms),
        hostVerifier: (blob: Buffer) => {
          resolve(describeHostKey(blob));
          return false;
        },
      });
      client.setNoDelay(true);
    });
  } finally {
    route.close();
  }
}
