// What it costs to record all that a console at work hears at 20,000 messages a second, compression and fingerprint
// included: processor time with a recording over that without one, in turns on the same console. Every message that was
// heard is in the recording, or counted as left out; a recording that leaves out much would be cheap, and fails.

import { median } from '../measure.ts';
import type { BenchRow, Measurement } from '../row.ts';
import { plantCount } from './ingest.ts';
import { runSender, type Subscriber, settled, startSubscriber } from './processes.ts';
import type { SenderTask } from './sender.ts';

const rounds = 3;
/** Of what was heard. */
const leastRecorded = 0.99;

export const recordingCpu: BenchRow = {
  name: 'monitor/recording-20000-cpu',
  unit: 'ms of processor time for 100,000 messages',
  aim: 2,
  direction: 'less-is-better',
  async run() {
    const console = await startSubscriber({ kind: 'console', plants: plantCount });
    try {
      if (!console.scene) throw new Error('no scene');
      const { broker, plants } = console.scene;
      const { port, login } = broker;
      const task: SenderTask = { port, login, from: { plants }, perSecond: 20_000, seconds: 5 };
      await heardOnly(console, task);
      const turns: Measurement[] = [];
      for (let round = 0; round < rounds; round++) {
        turns.push({ ours: await recorded(console, task), reference: await heardOnly(console, task) });
      }
      const middle = median(turns.map((turn) => turn.ours / turn.reference));
      return turns.find((turn) => turn.ours / turn.reference === middle) ?? { ours: Number.NaN, reference: 1 };
    } finally {
      await console.stop();
    }
  },
};

/** Milliseconds of processor time. */
async function heardOnly(console: Subscriber, task: SenderTask): Promise<number> {
  await console.begin();
  await runSender(task);
  return (await settled(console)).cpuMs;
}

async function recorded(console: Subscriber, task: SenderTask): Promise<number> {
  const before = (await console.tally()).received;
  await console.record();
  await console.begin();
  await runSender(task);
  const { received } = await settled(console);
  const { messages, dropped } = await console.endRecording();
  const heard = received - before;
  if (messages + dropped !== heard) throw new Error(`${messages} recorded and ${dropped} left out, of ${heard}`);
  if (messages < heard * leastRecorded) throw new Error(`only ${messages} recorded, of ${heard}`);
  return (await console.tally()).cpuMs;
}
