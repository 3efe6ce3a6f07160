import { ConsoleError } from '../../shared/model/errors.ts';
import { randomHex } from '../platform/random.ts';
import { quote, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';
import type { DeviceShell } from './device-shell.ts';

/**
 * Runs the operator's restart command by `sh`, so that the MQTT client reads its files anew. It is no secret: every user
 * of the device may see it run. Its output goes into a file, since a daemon that it starts would keep the channel open.
 * Throws `device/restart-failed` with the command's first words, and `remote/*`; a device that goes down with the
 * command ends in `remote/connection-lost`.
 */
export async function restartClient(
  shell: DeviceShell,
  directory: string,
  command: string,
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const nonce = randomHex(16);
  const body = `log=$directory/.restart.log
sh -c ${quote(command)} </dev/null >"$log" 2>&1
status=$?
head -n 3 "$log" >&2
rm -f "$log"
say ended "$status"
say done`;
  const result = await shell.run(wholeScript(nonce, plainDirectory(directory), body), { timeoutMs });
  const status = readAnswer(result, nonce).find(({ word }) => word === 'ended')?.values[0];
  if (status === '0') return;
  const said = result.stderr.trim().slice(0, 300);
  throw new ConsoleError('device/restart-failed', {
    because: said === '' ? `exit status ${status}` : said,
    details: { exitStatus: status ?? null, deviceSaid: said },
  });
}
