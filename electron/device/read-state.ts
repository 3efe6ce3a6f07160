import type { DeviceFile } from '../../shared/model/device.ts';
import { randomHex } from '../platform/random.ts';
import type { RemoteSession } from '../remote/session.ts';
import { filesOf } from '../remote/shell/answer.ts';
import { plainName, quote, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';

export type DeviceState = {
  /** The device's own clock, ISO 8601; null when it has none that `date` can tell. */
  readonly clock: string | null;
  /** The login's numeric user id; 0 is root. */
  readonly userId: number | null;
  readonly directory: 'present' | 'absent' | 'symbolic-link' | 'not-a-directory';
  readonly files: readonly DeviceFile[];
  /** The generation that a rollback would put back; null when none is kept. */
  readonly previous: readonly DeviceFile[] | null;
  /** A deployment was cut off among its moves: `files` may be a mix, and a rollback or a deployment mends it. */
  readonly interrupted: boolean;
};

/** What a device holds of `names` in `directory`. Changes nothing. Throws `device/unconfirmed` or `remote/*`. */
export async function readState(
  session: RemoteSession,
  directory: string,
  names: readonly string[],
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<DeviceState> {
  for (const name of names) plainName(name);
  const nonce = randomHex(16);
  const script = renderStateScript(nonce, plainDirectory(directory), names);
  const statements = readAnswer(await session.runScript(script, { timeoutMs }), nonce);

  const first = (word: string) => statements.find((statement) => statement.word === word)?.values[0];
  const boundary = statements.findIndex(({ word }) => word === 'previous');
  const [current, previous] =
    boundary < 0 ? [statements, null] : [statements.slice(0, boundary), statements.slice(boundary)];
  const clock = wholeNumber(first('clock'));
  return {
    clock: clock === null ? null : new Date(clock * 1000).toISOString(),
    userId: wholeNumber(first('user')),
    directory: directoryKind(first('directory')),
    files: filesOf(current),
    previous: previous && filesOf(previous),
    interrupted: statements.some(({ word }) => word === 'interrupted'),
  };
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;

function directoryKind(word: string | undefined): DeviceState['directory'] {
  return word === 'present' || word === 'symbolic-link' || word === 'not-a-directory' ? word : 'absent';
}

const renderStateScript = (nonce: string, directory: string, names: readonly string[]): string =>
  wholeScript(
    nonce,
    directory,
    `names=${quote(names.join(' '))}
say clock "$(date -u +%s)"
say user "$(id -u)"
if [ -L "$directory" ]; then say directory symbolic-link
elif [ -d "$directory" ]; then say directory present
elif [ -e "$directory" ]; then say directory not-a-directory
else say directory absent
fi
if [ -e "$directory/.installing" ]; then say interrupted; fi
for name in $names; do
  if [ -f "$directory/$name" ]; then describe "$directory" "$name"; fi
done
if [ -d "$directory/.previous" ]; then
  say previous
  for name in $names; do
    if [ -f "$directory/.previous/$name" ]; then describe "$directory/.previous" "$name"; fi
  done
fi
say done`,
  );
