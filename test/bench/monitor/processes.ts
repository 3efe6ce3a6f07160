// The parts of a measurement, each a process of its own, so that none is charged for another's work.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMosquitto } from '../../../electron/broker/targets/mosquitto-program.ts';
import { v8Flags } from '../../../scripts/v8-flags.ts';
import type { Scene } from './console-at-work.ts';
import type { Login } from './packets.ts';
import type { SenderTask } from './sender.ts';
import type { Answer, Question, SubscriberTask } from './subscriber.ts';

const script = (name: string): string => join(import.meta.dirname, name);

export type Broker = { readonly port: number; stop(): Promise<void> };
export type Tally = Extract<Answer, { received: number }>;
export type Recorded = Extract<Answer, { messages: number }>;
export type Subscriber = {
  /** Of the console at work; null of the others. */
  readonly scene: Scene | null;
  begin(): Promise<void>;
  tally(): Promise<Tally>;
  record(): Promise<void>;
  endRecording(): Promise<Recorded>;
  stop(): Promise<void>;
};

/** Of a broker that lets everybody in. */
export const anybody = (clientId: string): Login => ({ clientId, username: 'bench', password: 'bench' });

/** A mosquitto that lets everybody in, and says every second what it dropped. */
export async function startMosquitto(): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
  const port = await freePort();
  const account = process.getuid?.() === 0 ? 'user root\n' : '';
  const config = `${account}listener ${port} 127.0.0.1\nallow_anonymous true\nsys_interval 1\n`;
  await writeFile(join(folder, 'mosquitto.conf'), config);
  const child = spawn(await findMosquitto(), ['-c', join(folder, 'mosquitto.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  while (!/mosquitto version \S+ running/.test(log)) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
    await sleep(5);
  }
  return {
    port,
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Sends 100,000 messages a second to whoever subscribes, for so many seconds; ends when its client leaves. */
export async function startFlood(seconds: number): Promise<Broker> {
  const child = spawn(process.execPath, [script('flood.ts'), String(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return {
    port: Number(line),
    stop: async () => {
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

export async function startSubscriber(task: SubscriberTask): Promise<Subscriber> {
  const child = fork(script('subscriber.ts'), { execArgv: task.kind === 'bare' ? [] : [...v8Flags] });
  const ask = async (message: SubscriberTask | Question): Promise<Answer> => {
    const answer = answerOf(child);
    child.send(message);
    return (await answer) as Answer;
  };
  const started = await ask(task);
  return {
    scene: 'scene' in started ? started.scene : null,
    begin: async () => void (await ask('begin')),
    tally: async () => {
      const answer = await ask('tell');
      if (!('received' in answer)) throw new Error('that is no tally');
      return answer;
    },
    record: async () => void (await ask('record')),
    endRecording: async () => {
      const answer = await ask('endRecording');
      if (!('messages' in answer)) throw new Error('nothing was recorded');
      return answer;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.send('stop' satisfies Question);
      await ended;
    },
  };
}

/** How many messages it sent. */
export async function runSender(task: SenderTask): Promise<number> {
  const child = fork(script('sender.ts'));
  const answer = answerOf(child);
  child.send(task);
  return ((await answer) as { sent: number }).sent;
}

/** Asks until nothing more comes: two seconds, in which the broker also says what it dropped. */
export async function settled(subscriber: Subscriber): Promise<Tally> {
  let before = await subscriber.tally();
  for (;;) {
    await sleep(2000);
    const now = await subscriber.tally();
    if (now.received === before.received && now.droppedByBroker === before.droppedByBroker) return now;
    before = now;
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ending = new AbortController();
  const ended = once(child, 'exit', { signal: ending.signal }).then(([code]) => {
    throw new Error(`a process of the measurement ended: ${code}`);
  });
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal: ending.signal }), ended]);
    return answer;
  } finally {
    ended.catch(() => {});
    ending.abort();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
