// A process of its own that hears what a broker says: with the monitor alone, with the whole console at work, or with
// mqtt.js and nothing else. It tells its processor time once it has warmed up, and how long at a stretch its event loop
// let nobody else have a turn: in processor time too, for where other processes take the core away, it is not the
// subscriber that holds things up. It is told what to be, and asked, over the channel of its parent process.

import { once } from 'node:events';
import { connectAsync } from 'mqtt';
import { Monitor } from '../../../electron/monitor/monitor.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { defaultMonitorBudget } from '../../../shared/model/monitor-settings.ts';
import type { ConsoleAtWork, Scene } from './console-at-work.ts';
import type { Login } from './packets.ts';

/** Who hears strangers' topics or plants' of a broker that is there, or the console with a broker of its own. */
export type SubscriberTask =
  | { readonly kind: 'monitor' | 'bare'; readonly port: number; readonly login: Login; readonly filter: string }
  | { readonly kind: 'console'; readonly plants: number };

export type Question = 'begin' | 'tell' | 'record' | 'endRecording' | 'stop';
export type Answer =
  | { readonly ready: true; readonly scene: Scene | null }
  | { readonly messages: number; readonly dropped: number }
  | {
      readonly received: number;
      readonly droppedByBroker: number;
      readonly droppedByConsole: number;
      readonly cpuMs: number;
      readonly stallMs: number;
      readonly megabytes: number;
    };

export type Heard = {
  readonly received: number;
  readonly droppedByBroker: number;
  readonly droppedByConsole: number;
};
type Subscriber = { heard(): Promise<Heard>; stop(): Promise<void> } & Partial<
  Pick<ConsoleAtWork, 'scene' | 'record' | 'endRecording'>
>;
type Listener = Extract<SubscriberTask, { port: number }>;

async function monitorSubscriber({ port, login, filter }: Listener): Promise<Subscriber> {
  const { topics, payloadBytes, historyBytes } = defaultMonitorBudget;
  const monitor = new Monitor({
    connection: { host: '127.0.0.1', port, ...login, protocolVersion: 'auto' },
    filters: [filter],
    clock: systemClock,
    logger: silentLogger,
    checkSignature: () => 'unknown',
    budget: { topics, bytes: payloadBytes, valueBytes: 256 * 1024 },
    historyBytes,
  });
  monitor.start();
  while (monitor.connection().state !== 'connected') await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    heard: async () => {
      const { messages, droppedTopics, oversized, droppedByBroker } = monitor.counts();
      return {
        received: messages,
        droppedByBroker: droppedByBroker ?? 0,
        droppedByConsole: droppedTopics + oversized,
      };
    },
    stop: () => monitor.close(),
  };
}

async function bareSubscriber({ port, login, filter }: Listener): Promise<Subscriber> {
  let received = 0;
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });
  client.on('message', () => {
    received += 1;
  });
  await client.subscribeAsync(filter, { qos: 0 });
  return { heard: async () => ({ received, droppedByBroker: 0, droppedByConsole: 0 }), stop: () => client.endAsync() };
}

async function startAs(task: SubscriberTask): Promise<Subscriber> {
  switch (task.kind) {
    case 'monitor':
      return await monitorSubscriber(task);
    case 'bare':
      return await bareSubscriber(task);
    case 'console':
      // Only where it is needed: the others would carry all of it in their memory.
      return await (await import('./console-at-work.ts')).startConsoleAtWork(task.plants);
  }
}

const [task] = (await once(process, 'message')) as [SubscriberTask];
const subscriber = await startAs(task);
let longestStretch = 0;
let turnBefore = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(turnBefore);
  turnBefore = process.threadCpuUsage();
  longestStretch = Math.max(longestStretch, user + system);
}, 1).unref();
let cpuBefore = process.cpuUsage();

async function answerTo(question: Exclude<Question, 'stop'>): Promise<Answer> {
  const ready = { ready: true, scene: subscriber.scene ?? null } as const;
  switch (question) {
    case 'begin':
      longestStretch = 0;
      cpuBefore = process.cpuUsage();
      return ready;
    case 'tell': {
      const { user, system } = process.cpuUsage(cpuBefore);
      return {
        ...(await subscriber.heard()),
        cpuMs: (user + system) / 1000,
        stallMs: longestStretch / 1000,
        megabytes: process.memoryUsage().rss / 1e6,
      };
    }
    case 'record':
      await subscriber.record?.();
      return ready;
    case 'endRecording':
      return (await subscriber.endRecording?.()) ?? ready;
  }
}

process.on('message', (question: Question) => {
  if (question === 'stop') void subscriber.stop().then(() => process.disconnect());
  else void answerTo(question).then((answer) => process.send?.(answer));
});
process.send?.({ ready: true, scene: subscriber.scene ?? null } satisfies Answer);
