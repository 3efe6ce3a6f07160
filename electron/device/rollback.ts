import type { DeviceFile } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { randomHex } from '../platform/random.ts';
import { filesOf } from '../remote/shell/answer.ts';
import { plainName, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';
import type { DeviceShell } from './device-shell.ts';
import { generationFunctions } from './generation-script.ts';

/**
 * Puts the previous generation back, all or nothing: each of `names` becomes what it was before the last deployment,
 * or is removed when it was not there. What is replaced becomes the previous generation in turn, so that a second
 * rollback undoes the first. Where a deployment had been cut off, putting back what was before it is all. Throws `device/no-previous-generation`, or like `deploy`.
 */
export async function rollback(
  shell: DeviceShell,
  directory: string,
  names: readonly string[],
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<{ files: DeviceFile[] }> {
  for (const name of names) plainName(name);
  const nonce = randomHex(16);
  const script = renderRollbackScript(nonce, plainDirectory(directory), names);
  const statements = readAnswer(await shell.run(script, { timeoutMs }), nonce);

  const files = filesOf(statements);
  const kept = statements.filter(({ word }) => word === 'kept').map(({ values: [name, hash] }) => ({ name, hash }));
  const wrong = kept.filter(({ name, hash }) => !files.some((file) => file.name === name && file.sha256 === hash));
  if (wrong.length > 0 || files.length !== kept.length) {
    throw new ConsoleError('device/hash-mismatch', { details: { files: wrong.map(({ name = '' }) => name) } });
  }
  return { files };
}

const renderRollbackScript = (nonce: string, directory: string, names: readonly string[]): string =>
  wholeScript(
    nonce,
    directory,
    `${generationFunctions(directory, names)}
check_target
[ -d "$previous" ] || fail no-previous-generation "$directory"
open_stage
if [ -n "$went_back" ]; then
  for name in $names; do
    if [ -f "$directory/$name" ]; then say kept "$name" "$(hash_of "$directory/$name")"; fi
  done
  report
  exit
fi
for name in $names; do
  if [ -f "$previous/$name" ]; then
    cp -p "$previous/$name" "$stage/$name" || fail install-failed "$name"
    cmp -s "$previous/$name" "$stage/$name" || fail hash-mismatch "$name"
    hash=$(hash_of "$stage/$name")
    note "$name" "$hash"
    say kept "$name" "$hash"
  fi
done
keep_previous
commit
report`,
  );
