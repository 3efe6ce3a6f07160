// A deployment whose files travel by scp, for devices whose owner asks for it. They arrive in a directory of their own
// beside the stage, `.arriving`, since scp ends before the shell that would hold the stage begins. From there the usual
// script takes them: hashes, modes, owner, the kept set and the moves are those of generation-script.ts.

import type { DeviceFile } from '../../../shared/model/device.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { randomHex } from '../../platform/random.ts';
import { ScpFailure, sendByScp } from '../../remote/scp.ts';
import type { RemoteSession } from '../../remote/session.ts';
import { filesOf } from '../../remote/shell/answer.ts';
import { quote, wholeScript } from '../../remote/shell/script.ts';
import { readAnswer } from '../answer.ts';
import { checkDeployment, confirmed, type Deployment } from '../deploy.ts';
import type { DeviceShell } from '../device-shell.ts';
import type { DeploymentFile } from '../files.ts';
import { generationFunctions } from '../generation-script.ts';
import { renderInstallScript } from '../install-script.ts';

/** Like `deploy`. Throws `device/tool-missing` where the device has no scp. */
export async function deployByScp(
  session: RemoteSession,
  shell: DeviceShell,
  deployment: Deployment,
): Promise<{ files: DeviceFile[] }> {
  const directory = checkDeployment(deployment);
  const { files, obsolete = [], kept = [], owner, timeoutMs = 60_000 } = deployment;
  const run = async (render: (nonce: string) => string) => {
    const nonce = randomHex(16);
    return readAnswer(await shell.run(render(nonce), { timeoutMs }), nonce);
  };

  const names = [...files.map(({ name }) => name), ...obsolete, ...kept];
  const prepared = await run((nonce) => renderPreparation(nonce, directory, names));
  try {
    await sendByScp(session, `${directory}/.arriving`, files, { timeoutMs });
  } catch (error) {
    if (!(error instanceof ScpFailure)) throw error;
    const isNew = prepared.some(({ word }) => word === 'created');
    await run((nonce) => renderRemoval(nonce, directory, isNew)).catch(() => {});
    throw failureOf(error);
  }
  const installed = await run((nonce) =>
    renderInstallScript(
      { nonce, directory, files, obsolete, kept, ...(owner !== undefined && { owner }) },
      takeArrived,
    ),
  );
  return { files: confirmed(files, filesOf(installed), kept) };
}

const renderPreparation = (nonce: string, directory: string, names: readonly string[]): string =>
  wholeScript(
    nonce,
    directory,
    `${generationFunctions(directory, names)}
check_target
if [ -d "$stage" ] && stage_is_held; then fail installation-running "$directory"; fi
if [ ! -d "$directory" ]; then
  (umask 022 && mkdir -p "$directory") || fail install-failed "$directory"
  say created
fi
rm -rf "$arriving"
mkdir "$arriving" || fail install-failed "$arriving"
say done`,
  );

const renderRemoval = (nonce: string, directory: string, isNew: boolean): string =>
  wholeScript(
    nonce,
    directory,
    `rm -rf "$directory/.arriving"
${isNew ? 'rmdir "$directory"' : ''}
say done`,
  );

/** Another installation clears away what has arrived. */
const takeArrived = ({ name }: DeploymentFile): string =>
  `mv "$arriving"/${quote(name)} "$stage"/${quote(name)} || fail installation-running "$directory"\n`;

function failureOf({ said, exitCode }: ScpFailure): ConsoleError {
  if (exitCode === 127) return new ConsoleError('device/tool-missing', { because: 'scp', details: { target: 'scp' } });
  const code = /No space left on device|Disk quota exceeded/.test(said) ? 'device/disk-full' : 'device/install-failed';
  return new ConsoleError(code, { because: `scp: ${said}`, details: { target: 'scp', deviceSaid: said } });
}
