import { ConsoleError, type ErrorCode } from '../../../../shared/model/errors.ts';
import { redact } from '../../../platform/log.ts';
import type { ScriptResult } from '../../../remote/session.ts';
import { quote } from '../../../remote/shell/script.ts';
import type { LogSearch, ShellHost } from '../shell-host.ts';

const timeoutMs = 60_000;
const shownCharacters = 300;

/** Daemons lie in directories that an ordinary login's PATH leaves out; tools answer in English. */
const preamble = 'LC_ALL=C PATH=$PATH:/usr/sbin:/usr/local/sbin:/sbin\nexport LC_ALL PATH\n';

/** Runs a short script and answers with what it said, whatever its exit status. */
export const ask = (host: ShellHost, script: string): Promise<ScriptResult> =>
  host.run(`${preamble}main() {\n${script}\n}\nmain </dev/null\n`, { timeoutMs });

/** Like `ask`, and throws `code` with the script's complaint when it fails. */
export async function tell(
  host: ShellHost,
  script: string,
  code: ErrorCode = 'broker/not-controllable',
): Promise<string> {
  const result = await ask(host, script);
  if (result.exitCode === 0) return result.stdout;
  throw complaint(code, result);
}

export function complaint(code: ErrorCode, { stdout, stderr }: ScriptResult): ConsoleError {
  const text = String(redact(stderr.trim() === '' ? stdout : stderr))
    .trim()
    .slice(0, shownCharacters);
  return new ConsoleError(code, text === '' ? {} : { because: text, details: { hostSaid: text } });
}

/** What `mosquitto -h` prints; its exit status differs between versions. Throws `broker/mosquitto-missing`. */
export async function askVersion(host: ShellHost): Promise<string> {
  const { stdout } = await ask(host, 'mosquitto -h');
  if (stdout.trim() === '') throw new ConsoleError('broker/mosquitto-missing', { because: "on the broker's host" });
  return stdout;
}

const searchCap = 8 * 1024 * 1024;

/** What a command prints of the last `$lines` lines, searched where it is printed; the newest lines where that is too much. */
export async function search(
  host: ShellHost,
  print: string,
  { pattern, wants, within, lines }: LogSearch,
): Promise<readonly string[]> {
  const filter = `grep ${wants === 'others' ? '-v ' : ''}-E ${quote(pattern)} | tail -n ${lines} | tail -c ${searchCap}`;
  const script = `${preamble}main() {\nlines=${within}\n${print} | ${filter}\n}\nmain </dev/null\n`;
  return linesOf((await host.run(script, { timeoutMs, outputCap: searchCap })).stdout);
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
