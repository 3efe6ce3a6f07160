import { describe, expect, test } from 'vitest';
import { OversizedPackets } from '../../../../electron/monitor/ingest/oversized-packets.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

/** A packet with a remaining length as MQTT 5, section 1.5.5 encodes it. */
function packet(type: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.byteLength;
  do {
    length.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type << 4, ...length]), body]);
}

const pass = (filter: OversizedPackets, chunks: readonly Buffer[]): Buffer =>
  Buffer.concat(chunks.flatMap((chunk) => filter.pass(chunk)));

describe('OversizedPackets', () => {
  const small = packet(3, Buffer.alloc(300, 'a'));
  const atLimit = packet(3, Buffer.alloc(1000, 'b'));
  const large = packet(3, Buffer.alloc(1001, 'c'));
  const empty = packet(13, Buffer.alloc(0));

  test('hands on a chunk without large messages as it is', () => {
    const chunk = Buffer.concat([small, empty, atLimit]);
    const filter = new OversizedPackets(1000);
    expect(filter.pass(chunk)).toEqual([chunk]);
    expect(filter.skipped).toBe(0);
  });

  test('takes out what is larger, wherever the chunks are cut', () => {
    const random = new SeededRandom(1);
    const whole = Buffer.concat([large, small, large, large, empty, atLimit, large]);
    const expected = Buffer.concat([small, empty, atLimit]);
    for (let round = 0; round < 300; round++) {
      const filter = new OversizedPackets(1000);
      const chunks: Buffer[] = [];
      for (let at = 0; at < whole.byteLength; ) {
        const end = at + 1 + random.below(round < 100 ? 3 : 1500);
        chunks.push(whole.subarray(at, end));
        at = end;
      }
      expect(pass(filter, chunks).equals(expected)).toBe(true);
      expect(filter.skipped).toBe(4);
    }
  });

  test('keeps nothing of a message of 200 MB while it passes', () => {
    const filter = new OversizedPackets(1000);
    const length = 200_000_000;
    const header = [0x30, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, ((length >> 14) & 0x7f) | 0x80];
    expect(filter.pass(Buffer.from([...header, length >> 21]))).toEqual([]);
    const chunk = Buffer.alloc(100_000);
    for (let sent = 0; sent < length; sent += chunk.byteLength) expect(filter.pass(chunk)).toEqual([]);
    expect(filter.pass(empty)).toEqual([empty]);
    expect(filter.skipped).toBe(1);
  });

  test('only messages are left out: anything else of that size is for the client to judge', () => {
    const auth = packet(15, Buffer.alloc(2000));
    expect(pass(new OversizedPackets(1000), [auth])).toEqual(auth);
  });

  test('a length of more than four bytes is handed on for the client to end the session over', () => {
    const malformed = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]);
    const filter = new OversizedPackets(1000);
    expect(pass(filter, [small, malformed, large])).toEqual(Buffer.concat([small, malformed, large]));
  });
});
