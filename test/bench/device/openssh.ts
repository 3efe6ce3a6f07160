// The reference: what a field engineer does today, with OpenSSH's own client, on a server of the same run.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SshDevice } from '../../support/ssh-device.ts';

const execute = promisify(execFile);

/** Of an MTLS plant, as the documents name them. */
export const threeFiles = ['ca.crt', 'device.crt', 'device.key'] as const;

export type OpensshClient = {
  /** Options that `ssh` takes; `scp` wants its port as `-P`. */
  readonly options: readonly string[];
  readonly destination: string;
};

/** A client that asks nothing: the key of the login in a file of its own, the host key not compared. */
export async function opensshClient({ username, host, authentication }: SshDevice, keyFile: string) {
  if (authentication.kind !== 'privateKey') throw new Error('the bench logs in by key');
  await writeFile(keyFile, authentication.privateKeyPem, { mode: 0o600 });
  const options = ['-q', '-F', 'none', '-i', keyFile, '-o', 'StrictHostKeyChecking=no'];
  return { options: [...options, '-o', 'UserKnownHostsFile=/dev/null'], destination: `${username}@${host}` };
}

/** Three `scp` into a staging directory and one `ssh` that moves them into place. */
export async function bringByOpenssh(
  { options, destination }: OpensshClient,
  port: number,
  from: string,
  directory: string,
): Promise<void> {
  for (const name of threeFiles) {
    await execute('scp', [
      ...options,
      '-P',
      String(port),
      `${from}/${name}`,
      `${destination}:${directory}/${name}.new`,
    ]);
  }
  const move = threeFiles.map((name) => `mv ${directory}/${name}.new ${directory}/${name}`).join(' && ');
  await execute('ssh', [
    ...options,
    '-p',
    String(port),
    destination,
    `chmod 600 ${directory}/device.key.new && ${move}`,
  ]);
}
