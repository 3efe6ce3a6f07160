// Passphrase -> Argon2id (RFC 9106) -> key-encryption key.
// - The parameters lie in the vault, so that they can grow; the console never goes below its own minimum,
//   or whoever writes to the file could make guessing cheap.
// - A ceiling keeps a planted file from taking all memory of the machine.
// - NFKC: the same passphrase typed on another keyboard or system gives the same bytes.

import { hashRaw } from '@node-rs/argon2';
import { minPassphraseLength } from '../../shared/model/vault.ts';
import { keyBytes } from './aead.ts';

export type KdfParameters = { readonly memoryKib: number; readonly passes: number; readonly parallelism: number };

/** RFC 9106, 4: the second recommended option. Also the least that a vault may say. */
export const standardKdf: KdfParameters = { memoryKib: 64 * 1024, passes: 3, parallelism: 4 };
export const greatestKdf: KdfParameters = { memoryKib: 1024 * 1024, passes: 32, parallelism: 16 };
export const saltBytes = 16;

const argon2id = 2;

/** Every parameter is at least `least`'s and at most the console's ceiling. */
export const kdfAcceptable = (kdf: KdfParameters, least: KdfParameters): boolean =>
  (['memoryKib', 'passes', 'parallelism'] as const).every(
    (name) => kdf[name] >= least[name] && kdf[name] <= greatestKdf[name],
  );

/** Counted in characters as a person counts them, after normalisation. */
export const passphraseLongEnough = (passphrase: string): boolean =>
  [...passphrase.normalize('NFKC')].length >= minPassphraseLength;

/** The 32-byte key-encryption key. Runs on the thread pool; the caller wipes it after use. */
export async function deriveKey(passphrase: string, salt: Uint8Array, kdf: KdfParameters): Promise<Buffer> {
  const bytes = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  try {
    return await hashRaw(bytes, {
      algorithm: argon2id,
      memoryCost: kdf.memoryKib,
      timeCost: kdf.passes,
      parallelism: kdf.parallelism,
      outputLen: keyBytes,
      salt,
    });
  } finally {
    bytes.fill(0);
  }
}
