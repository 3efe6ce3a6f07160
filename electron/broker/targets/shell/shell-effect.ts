// Letting a broker read its files, and seeing in its log that it has.
// - Mosquitto 2.0 goes on without a file it cannot read, which leaves it open to everyone: an error in the log of a
//   reload is a failed reload.
// - Where no log can be had, only the process is looked at; the probes after the push are the proof then.

import { setTimeout as delay } from 'node:timers/promises';
import type { PushNeed } from '../../../../shared/model/broker-files.ts';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import { redact } from '../../../platform/log.ts';
import type { BrokerControl } from '../shell-host.ts';

const pollMs = 200;
/** How long a word of the broker is waited for before its process alone counts. */
const wordTimeoutMs = 8_000;
/** What it writes while it rereads may come a little after it said that it does. */
const settleMs = 400;
const rememberedLines = 100;
const readLines = 1000;
const shownLines = 10;

const isErrorLine = (line: string): boolean => /(^|\s)Error: /.test(line);

/** Throws `broker/start-failed` with what the log says. A broker that does not run is started. */
export async function takeEffect(control: BrokerControl, needs: PushNeed): Promise<void> {
  const isRunning = await control.isRunning();
  if (isRunning && needs === 'nothing') return;
  const before = await control.log(rememberedLines);
  if (isRunning && needs === 'reload') {
    await control.reload();
    await hear(control, before, /Reloading config/);
  } else {
    await control.restart();
    await hear(control, before, /mosquitto version \S+ running/);
  }
}

async function hear(control: BrokerControl, before: readonly string[], word: RegExp): Promise<void> {
  const deadline = Date.now() + wordTimeoutMs;
  let hasSettled = false;
  for (;;) {
    const lines = linesAfter(before, await control.log(readLines));
    const isRunning = await control.isRunning();
    if (!isRunning || lines.some(isErrorLine)) throw failure(lines);
    if (hasSettled) return;
    const heard = lines.some((line) => word.test(line));
    hasSettled = heard || Date.now() >= deadline || (before.length === 0 && lines.length === 0);
    await delay(hasSettled ? settleMs : pollMs);
  }
}

/** What a log has gained; all of `now` where the two do not meet. */
export function linesAfter(before: readonly string[], now: readonly string[]): readonly string[] {
  for (let end = now.length; end > 0; end--) {
    const overlap = Math.min(end, before.length);
    const meets = before.slice(before.length - overlap).every((line, index) => line === now[end - overlap + index]);
    if (overlap > 0 && meets) return now.slice(end);
  }
  return now;
}

function failure(lines: readonly string[]): ConsoleError {
  const safe = lines.map((line) => String(redact(line)));
  const because = safe.find(isErrorLine) ?? safe.at(-1);
  return new ConsoleError('broker/start-failed', {
    ...(because !== undefined && { because }),
    details: { log: safe.slice(-shownLines) },
  });
}
