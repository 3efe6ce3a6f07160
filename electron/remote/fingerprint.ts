import { createHash, timingSafeEqual } from 'node:crypto';
import type { HostKey } from '../../shared/model/device.ts';

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
