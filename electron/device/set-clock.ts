import { ConsoleError } from '../../shared/model/errors.ts';
import { randomHex } from '../platform/random.ts';
import { wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import type { DeviceShell } from './device-shell.ts';

/** What a connection may take off it. */
const toleranceMs = 30_000;

/**
 * Sets the device's clock, and the one that runs while it is off where there is one. Answers with the time that the
 * device tells afterwards. Throws `device/clock-not-set`, also when the device says that it did and did not.
 */
export async function setClock(
  shell: DeviceShell,
  time: Date,
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<Date> {
  const nonce = randomHex(16);
  const statements = readAnswer(await shell.run(renderClockScript(nonce, time), { timeoutMs }), nonce);
  const seconds = Number(statements.find(({ word }) => word === 'clock')?.values[0]);
  const after = new Date(seconds * 1000);
  if (!(Math.abs(after.getTime() - time.getTime()) < toleranceMs)) throw new ConsoleError('device/clock-not-set');
  return after;
}

/** BusyBox and GNU know `-s`, each with forms of its own; POSIX knows `MMDDhhmmYYYY`. */
function renderClockScript(nonce: string, time: Date): string {
  const iso = time.toISOString();
  const [date = '', clock = ''] = iso.slice(0, 19).split('T');
  const posix = `${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(0, 4)}`;
  return wholeScript(
    nonce,
    '/',
    `date -u -s "${date} ${clock}" >/dev/null 2>&1 || date -u "${posix}" >/dev/null || fail clock-not-set
if command -v hwclock >/dev/null 2>&1; then hwclock -u -w >/dev/null 2>&1; fi
say clock "$(date -u +%s)"
say done`,
  );
}
