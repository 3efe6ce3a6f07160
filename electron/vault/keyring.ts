// The one row that turns a passphrase into the data key: Argon2id's parameters, salt, and the wrapped data key.
// Every version of the console must be able to read this row before it knows the passphrase, so a migration must
// never change its columns. The parameters are the wrapping's associated data: they cannot be edited unnoticed.

import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { ConsoleError } from '../../shared/model/errors.ts';
import { decrypt, encrypt, keyBytes } from './aead.ts';
import { deriveKey, type KdfParameters, kdfAcceptable, saltBytes } from './key-derivation.ts';

const keyringSchema = z.object({
  memoryKib: z.number().int(),
  passes: z.number().int(),
  parallelism: z.number().int(),
  salt: z.instanceof(Buffer).refine((salt) => salt.byteLength === saltBytes),
  wrappedKey: z.instanceof(Buffer),
  passphraseSetAt: z.string(),
});
export type Keyring = Readonly<z.infer<typeof keyringSchema>>;

const associatedData = ({ memoryKib, passes, parallelism }: KdfParameters): Buffer =>
  Buffer.from(JSON.stringify(['voke-vault-1', 'keyring', 'argon2id', memoryKib, passes, parallelism]), 'utf8');

export const newDataKey = (): Buffer => randomBytes(keyBytes);

/** `dataKey` wrapped under `passphrase` with a new salt. */
export async function wrapDataKey(
  dataKey: Uint8Array,
  passphrase: string,
  kdf: KdfParameters,
  at: Date,
): Promise<Keyring> {
  const salt = randomBytes(saltBytes);
  const keyEncryptionKey = await deriveKey(passphrase, salt, kdf);
  const wrappedKey = encrypt(keyEncryptionKey, associatedData(kdf), dataKey);
  keyEncryptionKey.fill(0);
  return { ...kdf, salt, wrappedKey, passphraseSetAt: at.toISOString() };
}

/** The data key. Throws `vault/wrong-passphrase`, also when the row was tampered with: the two look alike. */
export async function unwrapDataKey(keyring: Keyring, passphrase: string): Promise<Buffer> {
  const keyEncryptionKey = await deriveKey(passphrase, keyring.salt, keyring);
  const dataKey = decrypt(keyEncryptionKey, associatedData(keyring), keyring.wrappedKey);
  keyEncryptionKey.fill(0);
  if (dataKey?.byteLength !== keyBytes) throw new ConsoleError('vault/wrong-passphrase');
  return dataKey;
}

/** Throws `vault/damaged` when the row is missing, malformed, or asks for a cheaper derivation than `least`. */
export function readKeyring(db: Database, least: KdfParameters): Keyring {
  const parsed = keyringSchema.safeParse(db.prepare('SELECT * FROM keyring').get());
  if (!parsed.success) throw new ConsoleError('vault/damaged', { because: 'its key record cannot be read' });
  if (!kdfAcceptable(parsed.data, least)) {
    throw new ConsoleError('vault/damaged', { because: 'its key derivation parameters are out of bounds' });
  }
  return parsed.data;
}

export function writeKeyring(db: Database, keyring: Keyring): void {
  db.prepare(
    `INSERT OR REPLACE INTO keyring (id, memoryKib, passes, parallelism, salt, wrappedKey, passphraseSetAt)
     VALUES (1, @memoryKib, @passes, @parallelism, @salt, @wrappedKey, @passphraseSetAt)`,
  ).run(keyring);
}
