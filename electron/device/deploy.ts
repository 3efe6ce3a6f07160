// A deployment is one script on one channel. It counts only when the script spoke its last word AND every hash and mode
// that the device read back is the one that was sent. One deployment at a time per device; the caller sees to that.

import { type DeviceFile, deviceDirectorySchema } from '../../shared/model/device.ts';
import { secretFileMode } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { randomHex } from '../platform/random.ts';
import { filesOf } from '../remote/shell/answer.ts';
import { plainName } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import type { DeviceShell } from './device-shell.ts';
import type { DeploymentFile } from './files.ts';
import { renderInstallScript, sha256 } from './install-script.ts';

export type Deployment = {
  /** Absolute, of plain characters; made when it is not there. */
  readonly directory: string;
  readonly files: readonly DeploymentFile[];
  /** Names that must be gone afterwards, such as those of another auth method. */
  readonly obsolete?: readonly string[];
  /** Names whose files stay as they are, and belong to the set all the same. */
  readonly kept?: readonly string[];
  /** `user` or `user:group` of the MQTT client, which must be able to read a 0600 key; needs a login that may chown. */
  readonly owner?: string;
  readonly timeoutMs?: number;
};

/**
 * Replaces what the directory holds by `files`, all or nothing; what was there stays in its `.previous`.
 * Throws `device/*` (its sentence says what the device holds then) or `remote/*`; after `remote/connection-lost` and
 * `remote/timeout` the device holds the old set or the new set, and `readState` tells which.
 */
export async function deploy(shell: DeviceShell, deployment: Deployment): Promise<{ files: DeviceFile[] }> {
  const directory = checkDeployment(deployment);
  const { files, obsolete = [], kept = [], owner, timeoutMs = 60_000 } = deployment;

  const nonce = randomHex(16);
  const script = renderInstallScript({
    nonce,
    directory,
    files,
    obsolete,
    kept,
    ...(owner !== undefined && { owner }),
  });
  const result = await shell.run(script, { timeoutMs });
  const secrets = files.filter(({ mode }) => mode === secretFileMode).map(({ content }) => content);
  return { files: confirmed(files, filesOf(readAnswer(result, nonce, secrets)), kept) };
}

/** What the device read back, when it is what was sent. Throws `device/hash-mismatch`. */
export function confirmed(
  files: readonly DeploymentFile[],
  onDevice: DeviceFile[],
  kept: readonly string[] = [],
): DeviceFile[] {
  const wrong = files.filter(
    ({ name, mode, content }) =>
      !onDevice.some((file) => file.name === name && file.mode === mode && file.sha256 === sha256(content)),
  );
  const brought = onDevice.filter(({ name }) => !kept.includes(name));
  if (wrong.length > 0 || brought.length !== files.length) {
    throw new ConsoleError('device/hash-mismatch', { details: { files: wrong.map(({ name }) => name) } });
  }
  return onDevice;
}

/** Answers with the directory. Throws `device/invalid-directory`, `input/invalid` for an owner, and TypeError for files. */
export function checkDeployment({ directory, files, obsolete = [], kept = [], owner }: Deployment): string {
  for (const { name } of files) plainName(name);
  for (const name of [...obsolete, ...kept]) plainName(name);
  if (files.some(({ content }) => content.includes('\0'))) throw new TypeError('a deployed file must be text');
  if (owner !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/.test(owner)) {
    throw new ConsoleError('input/invalid', { fields: [{ field: 'owner', message: 'must be user or user:group' }] });
  }
  return plainDirectory(directory);
}

/** The directory, parsed once more at this door: it becomes part of a shell script. Throws `device/invalid-directory`. */
export function plainDirectory(directory: string): string {
  const parsed = deviceDirectorySchema.safeParse(directory);
  if (!parsed.success) {
    throw new ConsoleError('device/invalid-directory', {
      fields: [{ field: 'directory', message: parsed.error.issues[0]?.message ?? '' }],
    });
  }
  return parsed.data;
}
