// Taking a push back, and saying what holds then. The way to the broker may be what failed, so it is tried again for a
// moment; what cannot be undone now is left open in the journal and undone as soon as the broker is reached.

import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerFiles, BrokerPush, ManagedBroker } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { OperationContext } from './context.ts';
import { describeResult, probeBroker } from './probe-broker.ts';

const waitsMs = [0, 1_000, 3_000];

/** Undoes the push if the broker still knows it; `push` is its handle where there is one. Throws what the last try met. */
export async function undoPush(target: ManagedBroker, pushId: string, push?: BrokerPush): Promise<void> {
  let handle = push;
  let failure: unknown;
  for (const wait of waitsMs) {
    await delay(wait);
    try {
      handle ??= await adopted(target, pushId);
      return await handle?.undo();
    } catch (error) {
      failure = error;
      handle = undefined;
    }
  }
  throw failure;
}

async function adopted(target: ManagedBroker, pushId: string): Promise<BrokerPush | undefined> {
  const mark = await target.unfinished();
  return mark?.pushId === pushId ? target.adopt(pushId) : undefined;
}

/** What is in force after a push was undone, asked of the broker itself, as the end of a sentence. Never throws. */
export async function sayWhatHolds(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  onProbed: (report: ProbeReport) => void,
): Promise<string> {
  try {
    const [{ state }, files] = [await target.describe(), await target.current()];
    if (files === undefined) return 'the broker holds no configuration, as before';
    if (state !== 'running') return 'the previous configuration was put back, and the broker does not run';
    return await sayAnswers(context, broker, files, onProbed);
  } catch (error) {
    return `what holds now could not be asked: ${error instanceof ConsoleError ? error.message : 'unexpected failure'}`;
  }
}

async function sayAnswers(
  context: OperationContext,
  broker: BrokerRow,
  files: BrokerFiles,
  onProbed: (report: ProbeReport) => void,
): Promise<string> {
  const report = await probeBroker(context, broker, files, 'undo');
  onProbed(report);
  const wrong = report.results.filter(({ ok }) => !ok);
  const [first] = wrong;
  if (!first) return `the previous configuration is in force and answered all ${report.results.length} probes rightly`;
  return `the previous configuration was put back, but ${wrong.length} of ${report.results.length} probes are answered wrongly there too, such as: ${describeResult(first)}`;
}
