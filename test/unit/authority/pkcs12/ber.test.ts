import { describe, expect, it } from 'vitest';
import {
  constructedTag,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  smallInteger,
  tag,
  tlv,
} from '../../../../electron/authority/der.ts';
import { readChildren, readElement } from '../../../../electron/authority/der-reader.ts';
import { berToDer } from '../../../../electron/authority/pkcs12/ber.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const der = sequence(
  smallInteger(3),
  octetString(Buffer.from('0102030405060708', 'hex')),
  tlv(constructedTag(0), sequence(objectIdentifier('1.2.840.113549.1.7.1'), octetString(Buffer.alloc(300, 7)))),
  setOf(octetString(Buffer.alloc(0))),
  sequence(),
);

/** The same in BER: lengths as they come, or none, and strings in pieces, in pieces. */
function toBer(bytes: Buffer, random: SeededRandom): Buffer {
  const element = readElement(bytes);
  if ((element.tag & 0x20) !== 0) {
    const children = readChildren(element, element.tag).map((child) => toBer(child.der, random));
    return wrapped(element.tag, Buffer.concat(children), random);
  }
  if (element.tag !== tag.octetString || random.chance(0.3)) return bytes;
  return inPieces(element.content, random, 3);
}

function wrapped(tagByte: number, content: Buffer, random: SeededRandom): Buffer {
  if (random.chance(0.6)) return Buffer.concat([Buffer.of(tagByte, 0x80), content, Buffer.of(0, 0)]);
  if (random.chance(0.5)) return tlv(tagByte, content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.of(tagByte, 0x84), length, content]);
}

function inPieces(content: Buffer, random: SeededRandom, depth: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; ) {
    const end = at + 1 + random.below(content.length - at);
    const piece = content.subarray(at, end);
    pieces.push(depth > 0 && random.chance(0.3) ? inPieces(piece, random, depth - 1) : octetString(piece));
    at = end;
  }
  return wrapped(0x24, Buffer.concat(pieces), random);
}

const refused = { code: 'authority/invalid-material' };

describe('BER', () => {
  it('comes out as DER, however it was cut', async () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 500; round++) {
      const ber = toBer(der, random);
      expect((await berToDer(ber)).toString('hex'), `round ${round}`).toBe(der.toString('hex'));
    }
  });

  it('stays as it is where it is DER', async () => {
    expect(await berToDer(der)).toEqual(der);
    expect(await berToDer(smallInteger(5))).toEqual(smallInteger(5));
  });

  it('is refused wherever it is cut off, and with anything behind it', async () => {
    const ber = toBer(der, new SeededRandom(7));
    for (let length = 0; length < ber.length; length++) {
      await expect(berToDer(ber.subarray(0, length)), `${length}`).rejects.toMatchObject(refused);
    }
    await expect(berToDer(Buffer.concat([ber, Buffer.of(0, 0)]))).rejects.toMatchObject(refused);
  });

  it.each([
    ['nothing', ''],
    ['an end mark where nothing was begun', '0000'],
    ['an end mark within a given length', '30020000'],
    ['an end mark with a length', '30800001ff0000'],
    ['a part longer than what is around it', '3003040301'],
    ['a mark beyond the length of what is around it', '3004308004000000'],
    ['a string with a number among its pieces', '248002010500 00'],
    ['a string with a sequence among its pieces', '248030000000'],
    ['a number without a length', '028001050000'],
    ['a length of five octets', '308500000000020500'],
    ['a tag of several octets', '3f8101020500'],
  ])('is refused with %s', async (_what, hex) => {
    await expect(berToDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).rejects.toMatchObject(refused);
  });

  it('is not followed into depths that no file has', async () => {
    const nested = (begin: string, end: string) => Buffer.from(begin.repeat(100_000) + end, 'hex');
    await expect(berToDer(nested('3080', ''))).rejects.toMatchObject(refused);
    await expect(berToDer(nested('2480', '0000'))).rejects.toMatchObject(refused);
  });

  it('is not followed through more parts than a file has', async () => {
    const parts = Buffer.concat([Buffer.of(0x30, 0x80), Buffer.alloc(1_200_000, Buffer.of(5, 0)), Buffer.of(0, 0)]);
    await expect(berToDer(parts)).rejects.toMatchObject({ ...refused, because: 'too many parts' });
  });

  it('refuses, or makes something that can be read, whatever comes', async () => {
    const random = new SeededRandom(11);
    const ber = toBer(der, random);
    for (let round = 0; round < 2000; round++) {
      const damaged = Buffer.from(ber);
      for (let changes = random.below(4); changes >= 0; changes--)
        damaged[random.below(ber.length)] = random.below(256);
      const made = await berToDer(damaged).catch((error: unknown) => {
        expect(error).toMatchObject(refused);
        return undefined;
      });
      if (made) readElement(made);
    }
  });
});
