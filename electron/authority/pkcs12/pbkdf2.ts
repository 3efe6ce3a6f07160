// PBKDF2 as others ask for it (RFC 8018, appendix A.2), on the thread pool.

import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { tag } from '../der.ts';
import { type Element, readIntegerHex, readObjectIdentifier, readOctets, readSequence } from '../der-reader.ts';

const pbkdf = promisify(pbkdf2);

/** More would take a machine for minutes, for nothing: nobody writes that. */
const mostIterations = 10_000_000;

/** HMAC (RFC 8018, appendix B.1). */
export const hmacHashes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

export const unknownScheme = (what: string) =>
  new ConsoleError('authority/invalid-material', { because: `protected in a way that is not known here (${what})` });

/** An INTEGER that must be a count. */
export function readIterations(element: Element | undefined): number {
  const iterations = Number.parseInt(readIntegerHex(element), 16);
  if (!(iterations >= 1 && iterations <= mostIterations)) throw unknownScheme('its iterations');
  return iterations;
}

export type Derivation = {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly hash: string;
  /** In octets, where it is said. */
  readonly keyLength: number | undefined;
};

/** What an AlgorithmIdentifier asks for. Throws `authority/invalid-material` for another derivation than PBKDF2. */
export function readDerivation(algorithm: Element | undefined): Derivation {
  const [id, parameters] = readSequence(algorithm);
  const scheme = readObjectIdentifier(id);
  if (scheme !== '1.2.840.113549.1.5.12') throw unknownScheme(`its key derivation is ${scheme}`);
  const [salt, iterations, ...rest] = readSequence(parameters);
  const keyLength = rest.find(({ tag: tagByte }) => tagByte === tag.integer);
  const prf = rest.find(({ tag: tagByte }) => tagByte === tag.sequence);
  const hash = prf ? hmacHashes.get(readObjectIdentifier(readSequence(prf)[0])) : 'sha1';
  if (!hash) throw unknownScheme('its hash');
  return {
    salt: readOctets(salt, tag.octetString),
    iterations: readIterations(iterations),
    hash,
    keyLength: keyLength && Number.parseInt(readIntegerHex(keyLength), 16),
  };
}

export const derivePbkdf2 = (
  { salt, iterations, hash }: Derivation,
  password: string,
  keyLength: number,
): Promise<Buffer> => pbkdf(password, salt, iterations, keyLength, hash);
