import { describe, expect, test } from 'vitest';
import { OversizedPackets } from '../../../../electron/monitor/ingest/oversized-packets.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const limits = { packetBytes: 1000, propertyBytes: null };

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
    const filter = new OversizedPackets(limits);
    expect(filter.pass(chunk)).toEqual([chunk]);
    expect(filter.skipped).toBe(0);
  });

  test('takes out what is larger, wherever the chunks are cut', () => {
    const random = new SeededRandom(1);
    const whole = Buffer.concat([large, small, large, large, empty, atLimit, large]);
    const expected = Buffer.concat([small, empty, atLimit]);
    for (let round = 0; round < 300; round++) {
      const filter = new OversizedPackets(limits);
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
    const filter = new OversizedPackets(limits);
    const length = 200_000_000;
    const header = [0x30, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, ((length >> 14) & 0x7f) | 0x80];
    expect(filter.pass(Buffer.from([...header, length >> 21]))).toEqual([]);
    const chunk = Buffer.alloc(100_000);
    for (let sent = 0; sent < length; sent += chunk.byteLength) expect(filter.pass(chunk)).toEqual([]);
    expect(filter.pass(empty)).toEqual([empty]);
    expect(filter.skipped).toBe(1);
  });

  test('what is no message is for the client to judge, unless it is of a size that no answer has', () => {
    const answer = packet(9, Buffer.alloc(2000));
    const generous = { packetBytes: 1_000_000, propertyBytes: null };
    const huge = packet(2, Buffer.alloc(300_000));
    const filter = new OversizedPackets(generous);
    expect(pass(filter, [answer, huge, small])).toEqual(Buffer.concat([answer, small]));
    expect(filter.skipped).toBe(0);
  });

  test('a length of more than four bytes is handed on for the client to end the session over', () => {
    const malformed = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]);
    const filter = new OversizedPackets(limits);
    expect(pass(filter, [small, malformed, large])).toEqual(Buffer.concat([small, malformed, large]));
  });

  /** A PUBLISH of MQTT 5 (section 3.3). */
  function message(qos: 0 | 1, topic: string, propertyBytes: number, payload: string): Buffer {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(topic.length);
    const packetId = Buffer.from(qos === 0 ? [] : [0, 7]);
    const lengthOfProperties = packet(0, Buffer.alloc(propertyBytes, 'p')).subarray(1);
    const one = packet(
      3,
      Buffer.concat([head, Buffer.from(topic), packetId, lengthOfProperties, Buffer.from(payload)]),
    );
    one[0] = (one[0] ?? 0) | (qos << 1);
    return one;
  }

  test('takes out what has too many properties, wherever the chunks are cut', () => {
    const random = new SeededRandom(2);
    const many = [message(0, 't', 301, 'x'), message(1, 'topic'.repeat(80), 400, ''), message(0, '', 20_000, 'x')];
    const few = [message(0, 't', 300, 'x'), message(1, 't', 0, 'x'.repeat(5000)), message(0, 't'.repeat(2000), 10, '')];
    const whole = Buffer.concat([...many, ...few, ...many, empty, ...few]);
    const expected = Buffer.concat([...few, empty, ...few]);
    for (let round = 0; round < 300; round++) {
      const filter = new OversizedPackets({ packetBytes: 1_000_000, propertyBytes: 300 });
      const chunks: Buffer[] = [];
      for (let at = 0; at < whole.byteLength; ) {
        const end = at + 1 + random.below(round < 20 ? 3 : 1500);
        chunks.push(whole.subarray(at, end));
        at = end;
      }
      expect(pass(filter, chunks).equals(expected)).toBe(true);
      expect(filter.skipped).toBe(6);
    }
  });

  test('a message of MQTT 3.1.1 has no properties, whatever it begins with', () => {
    const payload = message(0, 't', 500, 'x');
    expect(pass(new OversizedPackets(limits), [payload])).toEqual(payload);
  });
});
