// Every secret in the vault is sealed on its own, under the data key, and bound to the place where it lies.
// - A sealed value that is moved to another row or swapped with another column does not open.
// - The place is part of the file format: a migration that renames a table or column must seal its secrets anew.
// - What lies in the open is authenticated instead, under a key of its own that is derived from the data key (RFC 5869).
// - The data key is wiped by `destroy`; nothing opens afterwards.

import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { decrypt, encrypt, keyBytes } from './aead.ts';

/** Where a sealed value lies; `row` is the primary key. */
export type Place = { readonly table: string; readonly row: string; readonly column: string };

/** A JSON array of strings cannot be read in two ways, whatever characters an id holds. */
const associatedData = ({ table, row, column }: Place): Buffer =>
  Buffer.from(JSON.stringify(['voke-vault-1', table, row, column]), 'utf8');

export class Sealer {
  readonly #dataKey: Buffer;
  /** A key object makes an HMAC six times as fast as a buffer. Node wipes it when it is collected. */
  #authenticationKey: KeyObject | undefined;

  /** Takes the 32-byte data key over: it is wiped with this sealer. */
  constructor(dataKey: Buffer) {
    this.#dataKey = dataKey;
    const derived = Buffer.from(hkdfSync('sha256', dataKey, '', 'voke-vault-1 rows', keyBytes));
    this.#authenticationKey = createSecretKey(derived);
    derived.fill(0);
  }

  seal(place: Place, text: string): Buffer {
    const plain = Buffer.from(text, 'utf8');
    const sealed = encrypt(this.#dataKey, associatedData(place), plain);
    plain.fill(0);
    return sealed;
  }

  /** Throws `vault/damaged` when the value was not sealed for this place under this key. */
  open(place: Place, sealed: Uint8Array): string {
    const plain = decrypt(this.#dataKey, associatedData(place), sealed);
    if (!plain) {
      throw new ConsoleError('vault/damaged', {
        because: `a sealed value in ${place.table}.${place.column} does not belong where it lies`,
      });
    }
    const text = plain.toString('utf8');
    plain.fill(0);
    return text;
  }

  /** HMAC-SHA256 of `text`. */
  authenticate(text: string): Buffer {
    if (!this.#authenticationKey) throw new ConsoleError('vault/locked');
    return createHmac('sha256', this.#authenticationKey).update(text, 'utf8').digest();
  }

  destroy(): void {
    this.#dataKey.fill(0);
    this.#authenticationKey = undefined;
  }
}
