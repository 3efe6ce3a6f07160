// One deployment of three files on a new connection, with its checks and hashes read back, against three `scp` and one
// `ssh` that check nothing.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellLink } from '../../../electron/device/shell-link.ts';
import { connect } from '../../../electron/remote/connect.ts';
import type { SshDevice } from '../../support/ssh-device.ts';
import { startSshd } from '../../support/sshd.ts';
import { benchAuthority, deviceIssuing } from '../issue/certificates.ts';
import { takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { bringByOpenssh, opensshClient, threeFiles } from './openssh.ts';

const deploymentsATurn = 5;

export const threeFileDeploy: BenchRow = {
  name: 'device/three-file-deploy',
  unit: 'ms',
  aim: 0.5,
  direction: 'less-is-better',
  async run() {
    const server = await startSshd({ lines: ['Subsystem sftp internal-sftp'] });
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    try {
      const contents = await threeContents();
      for (const [index, name] of threeFiles.entries()) await writeFile(join(folder, name), contents[index] ?? '');
      const client = await opensshClient(server, join(folder, 'login'));
      const directory = `${server.base}/reference`;
      await mkdir(directory);
      return await takeTurns(
        5,
        () => each(() => deployOnce(server, contents)),
        () => each(() => bringByOpenssh(client, server.port, folder, directory)),
      );
    } finally {
      await server.stop();
      await rm(folder, { recursive: true });
    }
  },
};

async function threeContents(): Promise<string[]> {
  const authority = await benchAuthority();
  const { certificatePem, privateKeyPem } = await deviceIssuing(authority, 'RSA-2048')();
  return [authority.certificatePem, certificatePem, privateKeyPem];
}

/** Milliseconds of one, over several. */
async function each(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  for (let count = 0; count < deploymentsATurn; count += 1) await work();
  return (performance.now() - begin) / deploymentsATurn;
}

async function deployOnce(server: SshDevice, contents: readonly string[]): Promise<void> {
  const { host, port, username, authentication, fingerprint, base } = server;
  const session = await connect({ host, port, username, authentication, hostKey: { kind: 'pinned', fingerprint } });
  try {
    await shellLink({ run: (script, options) => session.runScript(script, options) }).deploy({
      directory: `${base}/ours`,
      files: threeFiles.map((name, index) => ({
        name,
        mode: name === 'device.key' ? 0o600 : 0o644,
        content: contents[index] ?? '',
      })),
    });
  } finally {
    session.close();
  }
}
