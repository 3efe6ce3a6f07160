// The parts of a measurement, each a process of its own, so that none is charged for another's work.

import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findMosquitto } from '../../../electron/broker/targets/mosquitto-program.ts';
import type { SenderTask } from './sender.ts';
import type { Answer, Question } from './subscriber.ts';

const execute = promisify(execFile);
const script = (name: string): string => join(import.meta.dirname, name);

export type Broker = { readonly port: number; stop(): Promise<void> };
export type Tally = Extract<Answer, { received: number }>;
export type Subscriber = { begin(): Promise<void>; tally(): Promise<Tally>; stop(): Promise<void> };

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

export async function startSubscriber(kind: 'console' | 'bare', port: number): Promise<Subscriber> {
  const child = fork(script('subscriber.ts'), [kind, String(port)]);
  await answerOf(child);
  const ask = async (question: Question): Promise<Answer> => {
    const answer = answerOf(child);
    child.send(question);
    return await answer;
  };
  return {
    begin: async () => void (await ask('begin')),
    tally: async () => {
      const answer = await ask('tell');
      if ('ready' in answer) throw new Error('that is no tally');
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
  const { stdout } = await execute(process.execPath, [script('sender.ts'), JSON.stringify(task)]);
  return (JSON.parse(stdout) as { sent: number }).sent;
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

async function answerOf(child: ChildProcess): Promise<Answer> {
  const ending = new AbortController();
  const ended = once(child, 'exit', { signal: ending.signal }).then(([code]) => {
    throw new Error(`the subscriber ended: ${code}`);
  });
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal: ending.signal }), ended]);
    return answer as Answer;
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
