// A process of its own that publishes at a rate, or as fast as it is taken. It is told what over the channel of its
// parent process, and answers how many messages it sent.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { plantsMessages, type SigningPlant, strangersMessages } from './messages.ts';
import { blocks, type Login, logIn, send } from './packets.ts';

export type SenderTask = {
  readonly port: number;
  readonly login: Login;
  /** Strangers' topics, or the plants that send. */
  readonly from: { readonly topics: number } | { readonly plants: readonly SigningPlant[] };
} & ({ readonly perSecond: number; readonly seconds: number } | { readonly bursts: number; readonly burst: number });

const tickMs = 10;

const [task] = (await once(process, 'message')) as [SenderTask];
const { from } = task;
const messageAt = 'plants' in from ? plantsMessages(from.plants) : strangersMessages(from.topics);
const made =
  'burst' in task
    ? blocks(messageAt, task.burst, 1000)
    : blocks(messageAt, leastDistinct(task), (task.perSecond * tickMs) / 1000);
const socket = connect(task.port, '127.0.0.1');
await once(socket, 'connect');
socket.setNoDelay(true);
await logIn(socket, task.login);
const sent = 'burst' in task ? await sendBursts(task) : await sendSteadily(task);
// A ping that is answered: the broker has read all that came before it.
socket.write(Buffer.from([0xc0, 0]));
await once(socket, 'data');
socket.destroy();
process.send?.({ sent });
process.disconnect();

/** Strangers send the same again when each of their topics had its turn; plants never repeat a nonce. */
function leastDistinct({ perSecond, seconds }: Extract<SenderTask, { seconds: number }>): number {
  return 'plants' in from ? perSecond * seconds : Math.max(from.topics, (perSecond * tickMs) / 1000);
}

async function sendSteadily({ perSecond, seconds }: Extract<SenderTask, { seconds: number }>): Promise<number> {
  const begin = performance.now();
  const ticks = (seconds * 1000) / tickMs;
  for (let tick = 0; tick < ticks; tick++) {
    await send(socket, made[tick % made.length] ?? Buffer.alloc(0));
    const ahead = begin + (tick + 1) * tickMs - performance.now();
    if (ahead > 1) await sleep(ahead);
  }
  return (ticks * perSecond * tickMs) / 1000;
}

async function sendBursts({ bursts, burst }: Extract<SenderTask, { bursts: number }>): Promise<number> {
  for (let i = 0; i < bursts; i++) {
    for (const block of made) await send(socket, block);
    await sleep(2000);
  }
  return bursts * burst;
}
