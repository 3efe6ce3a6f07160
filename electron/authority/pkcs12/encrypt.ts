// Encryption under a password, as PKCS#12 and PKCS#8 have it: the modern scheme is PBES2 of RFC 8018, the other one is of
// RFC 7292, appendix C, from a time before AES. Both encryptions are in BoringSSL too.

import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { nullValue, objectIdentifier, octetString, sequence, smallInteger } from '../der.ts';
import { derivedFor, derivePkcs12 } from './derive.ts';

const pbkdf = promisify(pbkdf2);

/** Some 50 ms for who knows the password, and a factor of 50 against guessing over what openssl writes. */
export const modernIterations = 100_000;
/** What openssl writes; controllers of that time would work on more for minutes. */
export const compatibleIterations = 2048;

const pbes2 = objectIdentifier('1.2.840.113549.1.5.13');
const pbkdf2Id = objectIdentifier('1.2.840.113549.1.5.12');
const hmacWithSha256 = sequence(objectIdentifier('1.2.840.113549.2.9'), nullValue);
const aes256Cbc = objectIdentifier('2.16.840.1.101.3.4.1.42');
const sha1And3Des = objectIdentifier('1.2.840.113549.1.12.1.3');

export type Encrypted = {
  /** AlgorithmIdentifier, encoded. */
  readonly algorithm: Buffer;
  readonly ciphertext: Buffer;
};
export type Encryption = (plain: Buffer, password: string) => Promise<Encrypted>;

/** AES-256-CBC under PBKDF2 with HMAC-SHA-256. */
export const encryptModern: Encryption = async (plain, password) => {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = await pbkdf(password, salt, modernIterations, 32, 'sha256');
  const derivation = sequence(
    pbkdf2Id,
    sequence(octetString(salt), smallInteger(modernIterations), smallInteger(32), hmacWithSha256),
  );
  return {
    algorithm: sequence(pbes2, sequence(derivation, sequence(aes256Cbc, octetString(iv)))),
    ciphertext: encrypt('aes-256-cbc', key, iv, plain),
  };
};

/** Triple DES under the derivation of PKCS#12 with SHA-1. */
export const encryptCompatible: Encryption = async (plain, password) => {
  const salt = randomBytes(8);
  const derivation = { hash: 'sha1', password, salt, iterations: compatibleIterations } as const;
  const key = await derivePkcs12({ ...derivation, purpose: derivedFor.key, length: 24 });
  const iv = await derivePkcs12({ ...derivation, purpose: derivedFor.iv, length: 8 });
  return {
    algorithm: sequence(sha1And3Des, sequence(octetString(salt), smallInteger(compatibleIterations))),
    ciphertext: encrypt('des-ede3-cbc', key, iv, plain),
  };
};

function encrypt(cipher: string, key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const encryption = createCipheriv(cipher, key, iv);
  return Buffer.concat([encryption.update(plain), encryption.final()]);
}

/** EncryptedPrivateKeyInfo of RFC 5958 for a PKCS#8 key. */
export async function encryptedPrivateKey(pkcs8: Buffer, password: string, encryption: Encryption): Promise<Buffer> {
  const { algorithm, ciphertext } = await encryption(pkcs8, password);
  return sequence(algorithm, octetString(ciphertext));
}
