// Host keys are pinned in two phases: fetch the key, disconnect, let a person compare, and only then log in to that key.
// ssh2 accepts every host when it is given no verifier, so no connection here is ever made without one.

import { createHash, timingSafeEqual } from 'node:crypto';
import { Client } from 'ssh2';
import type { HostKey } from '../../shared/model/device.ts';
import { checkAddress, type Endpoint } from './endpoint.ts';
import { type ConnectionPhase, connectionFailure } from './failures.ts';

/** Algorithm and SHA-256 fingerprint of a raw key blob (RFC 4253, 6.6: the blob begins with the algorithm's name). */
export function describeHostKey(blob: Buffer): HostKey {
  const nameLength = blob.readUInt32BE(0);
  return {
    algorithm: blob.toString('ascii', 4, 4 + nameLength),
    fingerprint: createHash('sha256').update(blob).digest('base64').replace(/=+$/, ''),
  };
}

/** Whether `blob` is the key with this fingerprint (base64 without padding); compared in constant time. */
export function isPinnedHostKey(blob: Buffer, fingerprint: string): boolean {
  const actual = createHash('sha256').update(blob).digest();
  const pinned = Buffer.from(fingerprint, 'base64');
  return pinned.length === actual.length && timingSafeEqual(pinned, actual);
}

/**
 * The key that a server shows now. Disconnects before any login, so nothing but the SSH greeting is sent.
 * ssh2 prefers Ed25519, then ECDSA, then RSA, as it does in `connect`: both phases see the same key.
 */
export async function fetchHostKey({ host, port, readyTimeoutMs = 10_000 }: Endpoint): Promise<HostKey> {
  checkAddress(host);
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
      host,
      port,
      username: 'voke',
      readyTimeout: readyTimeoutMs,
      authHandler: [],
      hostVerifier: (blob: Buffer) => {
        resolve(describeHostKey(blob));
        return false;
      },
    });
    client.setNoDelay(true);
  });
}
