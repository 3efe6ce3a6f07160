// Key derivation of PKCS#12 (RFC 7292, appendix B): what the old form makes keys and IVs with, and both forms the MAC key.

import { createHash } from 'node:crypto';
import { inSlices } from '../../platform/slices.ts';

export type Pkcs12Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';
/** RFC 7292, B.3. */
export const derivedFor = { key: 1, iv: 2, mac: 3 } as const;

/** In octets. */
const outputLengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;
const blockLengths = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;
/** Hashes between two looks at the clock. */
const roundsAtOnce = 500;

/** `length` octets. The rounds run in slices, so that the event loop turns. */
export const derivePkcs12 = (options: {
  readonly hash: Pkcs12Hash;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly purpose: (typeof derivedFor)[keyof typeof derivedFor];
  readonly length: number;
}): Promise<Buffer> => inSlices(derive(options));

function* derive({
  hash,
  password,
  salt,
  iterations,
  purpose,
  length,
}: Parameters<typeof derivePkcs12>[0]): Generator<undefined, Buffer, undefined> {
  const blockLength = blockLengths[hash];
  const diversifier = Buffer.alloc(blockLength, purpose);
  const input = Buffer.concat([salt, bmpString(password)].map((bytes) => toWholeBlocks(bytes, blockLength)));
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += outputLengths[hash]) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round++) {
      digest = createHash(hash).update(digest).digest();
      if (round % roundsAtOnce === 0) yield;
    }
    parts.push(digest);
    const addend = fill(digest, blockLength);
    for (let block = 0; block < input.length; block += blockLength) {
      addPlusOne(input.subarray(block, block + blockLength), addend);
    }
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** UTF-16 in network order with a closing zero. */
export function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

const toWholeBlocks = (bytes: Buffer, blockLength: number): Buffer =>
  fill(bytes, Math.ceil(bytes.length / blockLength) * blockLength);
const fill = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes);

/** `block + addend + 1`, modulo its size, in place. */
function addPlusOne(block: Buffer, addend: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at--) {
    carry += (block[at] ?? 0) + (addend[at] ?? 0);
    block[at] = carry & 0xff;
    carry >>>= 8;
  }
}
