// A process of its own that publishes at a rate, or as fast as it is taken.
// Usage: node sender.ts '{"port":…,"topics":…,"perSecond":…,"seconds":…}', or with "bursts", "burst" in place of the last two

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { blocks, logIn, send } from './packets.ts';

export type SenderTask = { readonly port: number; readonly topics: number } & (
  | { readonly perSecond: number; readonly seconds: number }
  | { readonly bursts: number; readonly burst: number }
);

const tickMs = 10;

const task = JSON.parse(process.argv[2] ?? '') as SenderTask;
const socket = connect(task.port, '127.0.0.1');
await once(socket, 'connect');
socket.setNoDelay(true);
await logIn(socket, `sender-${process.pid}`);
const sent = 'burst' in task ? await sendBursts(task) : await sendSteadily(task);
// A ping that is answered: the broker has read all that came before it.
socket.write(Buffer.from([0xc0, 0]));
await once(socket, 'data');
socket.destroy();
process.stdout.write(JSON.stringify({ sent }));

async function sendSteadily({ topics, perSecond, seconds }: Extract<SenderTask, { seconds: number }>) {
  const size = (perSecond * tickMs) / 1000;
  const made = blocks(topics, Math.max(topics, size), size);
  const begin = performance.now();
  const ticks = (seconds * 1000) / tickMs;
  for (let tick = 0; tick < ticks; tick++) {
    await send(socket, made[tick % made.length] ?? Buffer.alloc(0));
    const ahead = begin + (tick + 1) * tickMs - performance.now();
    if (ahead > 1) await sleep(ahead);
  }
  return ticks * size;
}

async function sendBursts({ topics, bursts, burst }: Extract<SenderTask, { bursts: number }>) {
  const made = blocks(topics, burst, 1000);
  for (let i = 0; i < bursts; i++) {
    for (const block of made) await send(socket, block);
    await sleep(2000);
  }
  return bursts * burst;
}
