// BER (ITU-T X.690, section 8) made into what der-reader.ts takes: NSS, Bouncy Castle and older Java end a part by a mark
// instead of giving its length, and cut an OCTET STRING into pieces. Nothing else is changed: what is signed or hashed lies
// inside OCTET STRINGs, as it was.
// The bytes are a stranger's: every part is looked at once, none is followed deeper than any such file goes, and the event
// loop turns in between.

import { ConsoleError } from '../../../shared/model/errors.ts';
import { inSlices } from '../../platform/slices.ts';
import { header, tag } from '../der.ts';

/** PKCS#12 needs some ten, its innermost parts among them. */
const deepest = 32;
/** A key with its certificate takes some forty; the limit is one of memory. */
const mostElements = 500_000;
/** Elements between two looks at the clock. */
const elementsAtOnce = 1000;

const constructed = 0x20;
const inPieces = tag.octetString | constructed;
/** In place of a length: until the mark `00 00`. */
const indefinite = 0x80;

/** The same element with lengths in front. Throws `authority/invalid-material`. */
export const berToDer = (bytes: Buffer): Promise<Buffer> => inSlices(new BerReader(bytes).toDer());

/** A constructed element whose contents are being read. */
type Open = {
  readonly tag: number;
  /** Where its header goes among the parts; a string that is a piece of another one has none. */
  readonly slot: number | undefined;
  readonly isIndefinite: boolean;
  /** Its end, or the nearest one around it that is known. */
  readonly limit: number;
  /** Of its contents, as they are written. */
  length: number;
};

class BerReader {
  readonly #bytes: Buffer;
  readonly #parts: Buffer[] = [];
  readonly #open: Open[] = [];
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  *toDer(): Generator<undefined, Buffer, undefined> {
    let count = 0;
    do {
      if (++count > mostElements) throw malformed('too many parts');
      this.#next();
      this.#closeWhatEndsHere();
      if (count % elementsAtOnce === 0) yield;
    } while (this.#open.length > 0);
    if (this.#offset !== this.#bytes.length) throw malformed('data after the end');
    return Buffer.concat(this.#parts);
  }

  /** Reads a primitive element, the beginning of a constructed one, or an end mark. */
  #next(): void {
    const start = this.#offset;
    const around = this.#open.at(-1);
    const limit = around?.limit ?? this.#bytes.length;
    const [tagByte, first] = [this.#bytes[start], this.#bytes[start + 1]];
    if (tagByte === undefined || first === undefined || start + 2 > limit) throw malformed('cut off');
    if (tagByte === 0) {
      if (first !== 0 || !around?.isIndefinite) throw malformed('an end mark where nothing ends');
      this.#offset += 2;
      this.#close();
      return;
    }
    if ((tagByte & 0x1f) === 0x1f) throw malformed('a tag that no such file has');
    const isPiece = around?.tag === inPieces;
    if (isPiece && (tagByte & ~constructed) !== tag.octetString)
      throw malformed('a string with pieces of another kind');
    const isConstructed = (tagByte & constructed) !== 0;
    const isIndefinite = first === indefinite;
    if (isIndefinite && !isConstructed) throw malformed('a length that BER does not have');
    const contentStart = start + 2 + (first > indefinite ? first & 0x7f : 0);
    const end = isIndefinite ? limit : contentStart + this.#lengthAt(start + 1, limit);
    if (end > limit) throw malformed('cut off');
    if (isConstructed) {
      if (this.#open.length === deepest) throw malformed('parts in parts without an end');
      const slot = isPiece && tagByte === inPieces ? undefined : this.#parts.push(nothing) - 1;
      this.#open.push({ tag: tagByte, slot, isIndefinite, limit: end, length: 0 });
      this.#offset = contentStart;
    } else {
      this.#add(this.#bytes.subarray(isPiece ? contentStart : start, end));
      this.#offset = end;
    }
  }

  #lengthAt(offset: number, limit: number): number {
    const first = this.#bytes[offset] ?? 0;
    if (first < indefinite) return first;
    const octets = first & 0x7f;
    if (octets > 4 || offset + 1 + octets > limit) throw malformed('a length that no such file has');
    return this.#bytes.readUIntBE(offset + 1, octets);
  }

  #add(part: Buffer): void {
    this.#parts.push(part);
    this.#grow(part.length);
  }

  #grow(length: number): void {
    const around = this.#open.at(-1);
    if (around) around.length += length;
  }

  #closeWhatEndsHere(): void {
    for (let last = this.#open.at(-1); last && !last.isIndefinite; last = this.#open.at(-1)) {
      if (this.#offset !== last.limit) return;
      this.#close();
    }
  }

  #close(): void {
    const closed = this.#open.pop();
    if (!closed) return;
    const { slot, length } = closed;
    if (slot === undefined) {
      this.#grow(length);
      return;
    }
    const head = header(closed.tag === inPieces ? tag.octetString : closed.tag, length);
    this.#parts[slot] = head;
    this.#grow(head.length + length);
  }
}

const nothing = Buffer.alloc(0);

const malformed = (because: string) => new ConsoleError('authority/invalid-material', { because });
