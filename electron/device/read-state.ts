import type { DeviceFile } from '../../shared/model/device.ts';
import { randomHex } from '../platform/random.ts';
import { filesOf, type Statement } from '../remote/shell/answer.ts';
import { plainName, quote, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';
import type { DeviceShell } from './device-shell.ts';
import { stageHolderFunctions } from './stage-holder-script.ts';

export type DeviceState = {
  /** The device's own clock, ISO 8601; null when it has none that `date` can tell. */
  readonly clock: string | null;
  /** The login's numeric user id; 0 is root. */
  readonly userId: number | null;
  readonly directory: 'present' | 'absent' | 'symbolic-link' | 'not-a-directory';
  readonly files: readonly DeviceFile[];
  /** The generation that a rollback would put back; null when none is kept. */
  readonly previous: readonly DeviceFile[] | null;
  /** The public ones among the files, as they lie there: whose set it is, in words. Null where there is none, or no text. */
  readonly certificatePem: string | null;
  readonly connectionJson: string | null;
  /**
   * running: an installation is at work there now. cutOff: one was cut off, and `files` may be a mix until somebody
   * mends it (mend.ts), which every deployment and rollback does first.
   */
  readonly installation: 'none' | 'running' | 'cutOff';
};

/** What a device holds of `names` in `directory`. Changes nothing. Throws `device/unconfirmed` or `remote/*`. */
export async function readState(
  shell: DeviceShell,
  directory: string,
  names: readonly string[],
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<DeviceState> {
  for (const name of names) plainName(name);
  const nonce = randomHex(16);
  const script = renderStateScript(nonce, plainDirectory(directory), names);
  const statements = readAnswer(await shell.run(script, { timeoutMs }), nonce);

  return stateOf(statements);
}

/** What the statements of `stateStatements` say. */
export function stateOf(statements: readonly Statement[]): DeviceState {
  const first = (word: string) => statements.find((statement) => statement.word === word)?.values[0];
  const text = (word: string) => {
    const lines = statements.filter((statement) => statement.word === word).map(({ values }) => values.join(' '));
    return lines.length === 0 ? null : `${lines.join('\n')}\n`;
  };
  const boundary = statements.findIndex(({ word }) => word === 'previous');
  const [current, previous] =
    boundary < 0 ? [statements, null] : [statements.slice(0, boundary), statements.slice(boundary)];
  const clock = wholeNumber(first('clock'));
  const installation = first('installation');
  return {
    clock: clock === null ? null : new Date(clock * 1000).toISOString(),
    userId: wholeNumber(first('user')),
    directory: directoryKind(first('directory')),
    files: filesOf(current),
    previous: previous && filesOf(previous),
    certificatePem: text('certificate'),
    connectionJson: text('connection'),
    installation: installation === 'running' || installation === 'cutOff' ? installation : 'none',
  };
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;

function directoryKind(word: string | undefined): DeviceState['directory'] {
  return word === 'present' || word === 'symbolic-link' || word === 'not-a-directory' ? word : 'absent';
}

const renderStateScript = (nonce: string, directory: string, names: readonly string[]): string =>
  wholeScript(nonce, directory, `${stateStatements(names)}\nsay done`);

/** Shell text that tells what lies in `$directory`; it changes nothing. Public files are read up to 16 KiB. */
export const stateStatements = (names: readonly string[]): string => `names=${quote(names.join(' '))}
stage=$directory/.incoming
${stageHolderFunctions}
# Lines of a file that holds no secret.
tell() {
  if [ ! -f "$directory/$2" ] || [ ! -r "$directory/$2" ]; then return 0; fi
  dd bs=1024 count=16 <"$directory/$2" 2>/dev/null | while IFS= read -r line || [ -n "$line" ]; do say "$1" "$line"; done
}

say clock "$(date -u +%s)"
say user "$(id -u)"
if [ -L "$directory" ]; then say directory symbolic-link
elif [ -d "$directory" ]; then say directory present
elif [ -e "$directory" ]; then say directory not-a-directory
else say directory absent
fi
if [ -d "$stage" ] && stage_is_held; then say installation running
else
  for path in "$stage" "$directory/.arriving" "$directory/.replaced" "$directory/.installing"; do
    if [ -e "$path" ]; then
      say installation cutOff
      break
    fi
  done
fi
tell certificate device.crt
tell connection connection.json
describe "$directory" $names
if [ -d "$directory/.previous" ]; then
  say previous
  describe "$directory/.previous" $names
fi`;
