// A process of its own that speaks as much of a broker as it takes to be subscribed to (MQTT 5), and then sends 100,000
// messages a second, which is more than Mosquitto hands on, whatever its client does.
// Usage: node flood.ts SECONDS; it tells its port on stdout, and ends when its client leaves.

import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { strangersMessages } from './messages.ts';
import { blocks, packet, send } from './packets.ts';

const topics = 10_000;
const perSecond = 100_000;
const tickMs = 5;

const seconds = Number(process.argv[2]);
const made = blocks(strangersMessages(topics), perSecond, (perSecond * tickMs) / 1000, 5);

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('close', () => server.close());
  socket.once('data', () => {
    socket.write(packet(0x20, Buffer.from([0, 0, 0])));
    socket.once('data', (subscribe: Buffer) => {
      socket.write(packet(0x90, Buffer.from([subscribe[2] ?? 0, subscribe[3] ?? 0, 0, 0])));
      void flood(socket);
    });
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});

async function flood(socket: Socket): Promise<void> {
  const begin = performance.now();
  for (let tick = 0; performance.now() - begin < seconds * 1000 && !socket.destroyed; tick++) {
    await send(socket, made[tick % made.length] ?? Buffer.alloc(0)).catch(() => socket.destroy());
    const ahead = begin + (tick + 1) * tickMs - performance.now();
    if (ahead > 1) await sleep(ahead);
  }
}
