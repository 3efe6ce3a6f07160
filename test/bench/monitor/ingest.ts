// What it costs to take in a broker's messages, and whether any of them is lost without being counted.
// - Processor time, against a client that hears the same messages of the same broker at the same time and does nothing
//   with them: of the monitor with its tree, history and counts on strangers' topics, and of the whole console with a
//   register of plants that send. Measured once the topics are known and the code is compiled.
// - Loss: every message that was sent was received, or was counted as dropped by the broker or by the console.

import { median } from '../measure.ts';
import type { BenchRow, Measurement } from '../row.ts';
import type { Login } from './packets.ts';
import {
  anybody,
  runSender,
  type Subscriber,
  settled,
  startMosquitto,
  startSubscriber,
  type Tally,
} from './processes.ts';
import type { SenderTask } from './sender.ts';

const topics = 10_000;
const perSecond = 20_000;
const seconds = 5;
const rounds = 5;
/** Until a client's code is compiled. */
const warmUpSeconds = 3;
/** On five topics each, which makes ten thousand. */
export const plantCount = 2000;

const unit = 'ms of processor time for 100,000 messages';

export const ingestCpu: BenchRow = {
  name: 'monitor/ingest-cpu',
  unit,
  aim: 1.5,
  direction: 'less-is-better',
  async run() {
    const broker = await startMosquitto();
    try {
      const { port } = broker;
      const filter = 'bench/#';
      const ours = await startSubscriber({ kind: 'monitor', port, login: anybody('console'), filter });
      try {
        const from = { topics };
        return await againstBare(ours, { port, login: anybody('sender'), from, perSecond, seconds }, filter);
      } finally {
        await ours.stop();
      }
    } finally {
      await broker.stop();
    }
  },
};

/** Far more than taking messages in: signatures, sightings in the vault, alerts. The aim is there to notice when it grows. */
export const consoleCpu: BenchRow = {
  name: 'monitor/console-cpu',
  unit,
  aim: 3,
  direction: 'less-is-better',
  async run() {
    const ours = await startSubscriber({ kind: 'console', plants: plantCount });
    try {
      if (!ours.scene) throw new Error('no scene');
      const { broker, plants } = ours.scene;
      const { port, login } = broker;
      return await againstBare(ours, { port, login, from: { plants }, perSecond, seconds }, 'cpi/#');
    } finally {
      await ours.stop();
    }
  },
};

/** With another bare client in each turn: where the system lets one run makes a third of what it takes. */
async function againstBare(ours: Subscriber, task: SenderTask, filter: string): Promise<Measurement> {
  await runSender(task);
  const turns: Measurement[] = [];
  for (let round = 0; round < rounds; round++) turns.push(await oneTurn(task, ours, filter));
  const middle = median(turns.map((turn) => turn.ours / turn.reference));
  return turns.find((turn) => turn.ours / turn.reference === middle) ?? { ours: Number.NaN, reference: 1 };
}

async function oneTurn(task: SenderTask, ours: Subscriber, filter: string): Promise<Measurement> {
  const login: Login = { ...task.login, clientId: 'bare' };
  const bare = await startSubscriber({ kind: 'bare', port: task.port, login, filter });
  try {
    await runSender({ ...task, seconds: warmUpSeconds });
    await Promise.all([ours.begin(), bare.begin()]);
    await runSender(task);
    const [one, other] = await Promise.all([ours.tally(), bare.tally()]);
    return { ours: one.cpuMs, reference: other.cpuMs };
  } finally {
    await bare.stop();
  }
}

export const sustained: BenchRow = {
  name: 'monitor/sustained-20000',
  unit: 'messages received or counted as dropped, of those sent in 60 s',
  aim: 1,
  direction: 'more-is-better',
  run: () => accounted((common) => ({ ...common, perSecond, seconds: 60 })),
};

export const bursts: BenchRow = {
  name: 'monitor/burst-50000',
  unit: 'messages received or counted as dropped, of those sent in 10 bursts',
  aim: 1,
  direction: 'more-is-better',
  run: () => accounted((common) => ({ ...common, bursts: 10, burst: 50_000 })),
};

type Common = Pick<SenderTask, 'port' | 'login' | 'from'>;

async function accounted(task: (common: Common) => SenderTask): Promise<Measurement> {
  const broker = await startMosquitto();
  try {
    const { port } = broker;
    const ours = await startSubscriber({ kind: 'monitor', port, login: anybody('console'), filter: 'bench/#' });
    try {
      const sent = await runSender(task({ port, login: anybody('sender'), from: { topics } }));
      const told = accountedFor(await settled(ours));
      // What is counted twice would hide what is lost.
      if (told > sent) throw new Error(`${told} told of, and ${sent} sent`);
      return { ours: told, reference: sent };
    } finally {
      await ours.stop();
    }
  } finally {
    await broker.stop();
  }
}

const accountedFor = ({ received, droppedByBroker, droppedByConsole }: Tally): number =>
  received + droppedByBroker + droppedByConsole;
