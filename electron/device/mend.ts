import { randomHex } from '../platform/random.ts';
import { plainName, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';
import type { DeviceShell } from './device-shell.ts';
import { generationFunctions } from './generation-script.ts';

/**
 * finished: all files of the set that was being brought lay there. putBack: the set from before lies there again.
 * cleared: no file had been moved, only staged. mixed: there is no set to put back; a deployment replaces what is there.
 */
export type Mended = 'finished' | 'putBack' | 'cleared' | 'mixed';

/**
 * Ends a deployment or rollback that was cut off on the device. Throws `device/installation-running` while it still
 * runs there, and like `deploy`.
 */
export async function mend(
  shell: DeviceShell,
  directory: string,
  names: readonly string[],
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<Mended> {
  for (const name of names) plainName(name);
  const nonce = randomHex(16);
  const script = renderMendScript(nonce, plainDirectory(directory), names);
  const statements = readAnswer(await shell.run(script, { timeoutMs }), nonce);
  if (statements.some(({ word }) => word === 'interrupted')) return 'mixed';
  switch (statements.find(({ word }) => word === 'mended')?.values[0]) {
    case 'finished':
      return 'finished';
    case 'put-back':
      return 'putBack';
    default:
      return 'cleared';
  }
}

const renderMendScript = (nonce: string, directory: string, names: readonly string[]): string =>
  wholeScript(
    nonce,
    directory,
    `${generationFunctions(directory, names)}
check_target
open_stage
if [ -e "$installing" ]; then say interrupted; fi
say done`,
  );
