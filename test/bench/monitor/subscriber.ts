// A process of its own that hears everything below bench/: as the console does, or with mqtt.js and nothing else. It
// tells its processor time once it has warmed up, and how long at a stretch its event loop let nobody else have a turn:
// in processor time too, for where other processes take the core away, it is not the subscriber that holds things up.
// Usage: node subscriber.ts console|bare PORT; it is asked over the channel of its parent process.

import { connectAsync } from 'mqtt';
import { Monitor } from '../../../electron/monitor/monitor.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { defaultMonitorBudget } from '../../../shared/model/monitor-settings.ts';

export type Question = 'begin' | 'tell' | 'stop';
export type Answer =
  | { readonly ready: true }
  | {
      readonly received: number;
      readonly droppedByBroker: number;
      readonly droppedByConsole: number;
      readonly cpuMs: number;
      readonly stallMs: number;
      readonly megabytes: number;
    };

const filter = 'bench/#';
const port = Number(process.argv[3]);

type Heard = { readonly received: number; readonly droppedByBroker: number; readonly droppedByConsole: number };
type Subscriber = { heard(): Heard; stop(): Promise<void> };

async function consoleSubscriber(): Promise<Subscriber> {
  const { topics, payloadBytes, historyBytes } = defaultMonitorBudget;
  const monitor = new Monitor({
    connection: {
      host: '127.0.0.1',
      port,
      username: 'bench',
      password: 'bench',
      clientId: 'console',
      protocolVersion: 'auto',
    },
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
    heard: () => {
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

async function bareSubscriber(): Promise<Subscriber> {
  let received = 0;
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'bare', protocolVersion: 5 });
  client.on('message', () => {
    received += 1;
  });
  await client.subscribeAsync(filter, { qos: 0 });
  return { heard: () => ({ received, droppedByBroker: 0, droppedByConsole: 0 }), stop: () => client.endAsync() };
}

const subscriber = process.argv[2] === 'console' ? await consoleSubscriber() : await bareSubscriber();
let longestStretch = 0;
let turnBefore = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(turnBefore);
  turnBefore = process.threadCpuUsage();
  longestStretch = Math.max(longestStretch, user + system);
}, 1).unref();
let cpuBefore = process.cpuUsage();

const answer = (told: Answer) => process.send?.(told);
process.on('message', (question: Question) => {
  switch (question) {
    case 'begin':
      longestStretch = 0;
      cpuBefore = process.cpuUsage();
      return answer({ ready: true });
    case 'tell': {
      const { user, system } = process.cpuUsage(cpuBefore);
      return answer({
        ...subscriber.heard(),
        cpuMs: (user + system) / 1000,
        stallMs: longestStretch / 1000,
        megabytes: process.memoryUsage().rss / 1e6,
      });
    }
    case 'stop':
      void subscriber.stop().then(() => process.disconnect());
  }
});
answer({ ready: true });
