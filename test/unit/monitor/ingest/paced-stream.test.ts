import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { PacedStream } from '../../../../electron/monitor/ingest/paced-stream.ts';

const limits = { packetBytes: 1000, propertyBytes: null };
const message = Buffer.concat([Buffer.from([0x30, 100]), Buffer.alloc(100)]);

describe('PacedStream', () => {
  test('lets others have their turn while messages wait, and loses none', async () => {
    const [socket, broker] = duplexPair({ highWaterMark: 1024 * 1024 });
    const paced = new PacedStream(socket, limits);
    let received = 0;
    let turns = 0;
    let isDone = false;
    paced.on('data', (chunk: Buffer) => {
      received += chunk.byteLength;
      const until = performance.now() + 3;
      while (performance.now() < until);
    });
    const others = (async () => {
      while (!isDone) {
        await nextTurn();
        turns += 1;
      }
    })();
    for (let i = 0; i < 60; i++) broker.write(message);
    broker.end();
    await once(paced, 'end');
    isDone = true;
    await others;
    expect(received).toBe(60 * message.byteLength);
    expect(paced.counts().pauses).toBeGreaterThan(2);
    expect(turns).toBeGreaterThan(paced.counts().pauses);
  });

  test('reads no further than its reader does', async () => {
    const [socket, broker] = duplexPair({ highWaterMark: 1024 * 1024 });
    const paced = new PacedStream(socket, limits);
    const chunk = Buffer.concat(Array.from({ length: 300 }, () => message));
    let sent = 0;
    while (sent < 200 && broker.write(chunk)) {
      sent += 1;
      await nextTurn();
    }
    expect(sent).toBeLessThan(200);
    expect(paced.readableLength).toBe(0);
    paced.destroy();
  });

  test('says both ways, and ends with its socket and its socket with it', async () => {
    const [socket, broker] = duplexPair();
    const paced = new PacedStream(socket, limits).resume();
    paced.cork();
    paced.write('hel');
    paced.write('lo');
    paced.uncork();
    expect(String((await once(broker, 'data'))[0])).toBe('hello');
    socket.destroy(new Error('cut'));
    expect((await once(paced, 'error'))[0]).toMatchObject({ message: 'cut' });

    const [other] = duplexPair();
    new PacedStream(other, limits).destroy();
    await once(other, 'close');
  });
});
