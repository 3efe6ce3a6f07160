// What it costs to take in a broker's messages, and whether any of them is lost without being counted.
// - Processor time, against a client that hears the same messages of the same broker at the same time and does nothing
//   with them. Measured once every topic is known and the code is compiled.
// - Loss: every message that was sent was received, or was counted as dropped by the broker or by the console.

import { median } from '../measure.ts';
import type { BenchRow, Measurement } from '../row.ts';
import { runSender, type Subscriber, settled, startMosquitto, startSubscriber, type Tally } from './processes.ts';
import type { SenderTask } from './sender.ts';

const topics = 10_000;
const perSecond = 20_000;
const rounds = 5;

export const ingestCpu: BenchRow = {
  name: 'monitor/ingest-cpu',
  unit: 'ms of processor time for 100,000 messages',
  aim: 1.5,
  direction: 'less-is-better',
  async run() {
    const broker = await startMosquitto();
    try {
      const ours = await startSubscriber('console', broker.port);
      const bare = await startSubscriber('bare', broker.port);
      try {
        await runSender({ port: broker.port, topics, perSecond, seconds: 5 });
        const turns: Measurement[] = [];
        for (let round = 0; round < rounds; round++) turns.push(await oneTurn(broker.port, ours, bare));
        const middle = median(turns.map((turn) => turn.ours / turn.reference));
        return turns.find((turn) => turn.ours / turn.reference === middle) ?? { ours: Number.NaN, reference: 1 };
      } finally {
        await ours.stop();
        await bare.stop();
      }
    } finally {
      await broker.stop();
    }
  },
};

async function oneTurn(port: number, ours: Subscriber, bare: Subscriber): Promise<Measurement> {
  await Promise.all([ours.begin(), bare.begin()]);
  await runSender({ port, topics, perSecond, seconds: 5 });
  const [one, other] = await Promise.all([ours.tally(), bare.tally()]);
  return { ours: one.cpuMs, reference: other.cpuMs };
}

export const sustained: BenchRow = {
  name: 'monitor/sustained-20000',
  unit: 'messages received or counted as dropped, of those sent in 60 s',
  aim: 1,
  direction: 'more-is-better',
  run: () => accounted((port) => ({ port, topics, perSecond, seconds: 60 })),
};

export const bursts: BenchRow = {
  name: 'monitor/burst-50000',
  unit: 'messages received or counted as dropped, of those sent in 10 bursts',
  aim: 1,
  direction: 'more-is-better',
  run: () => accounted((port) => ({ port, topics, bursts: 10, burst: 50_000 })),
};

async function accounted(task: (port: number) => SenderTask): Promise<Measurement> {
  const broker = await startMosquitto();
  try {
    const ours = await startSubscriber('console', broker.port);
    try {
      const sent = await runSender(task(broker.port));
      return { ours: accountedFor(await settled(ours)), reference: sent };
    } finally {
      await ours.stop();
    }
  } finally {
    await broker.stop();
  }
}

const accountedFor = ({ received, droppedByBroker, droppedByConsole }: Tally): number =>
  received + droppedByBroker + droppedByConsole;
