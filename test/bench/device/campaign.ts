// A rotation of 100 devices, each behind a port of its own, as one campaign: keys, certificates, checks, deployment and
// what the vault keeps of it. Against the loop of a shell script over the same devices: the mTLS document's three openssl
// commands, three `scp` and one `ssh`. An error on either side breaks the row.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../electron/platform/free-port.ts';
import { startCommissioned } from '../../support/console.ts';
import { entryOf } from '../../support/device-entry.ts';
import { campaignEnd } from '../../support/fleet.ts';
import type { SshDevice } from '../../support/ssh-device.ts';
import { startSshd } from '../../support/sshd.ts';
import { deviceCertificateScript } from '../issue/against-openssl.ts';
import { benchAuthority } from '../issue/certificates.ts';
import type { BenchRow } from '../row.ts';
import { bringByOpenssh, opensshClient } from './openssh.ts';

const devices = 100;
/** sshd listens on 16 ports at most. */
const portsPerServer = 10;

type Place = { readonly server: SshDevice; readonly port: number };

export const campaignOf100: BenchRow = {
  name: 'device/campaign-100',
  unit: 's',
  aim: 0.1,
  direction: 'less-is-better',
  async run() {
    const servers: SshDevice[] = [];
    const places: Place[] = [];
    try {
      while (places.length < devices) {
        const ports = await freePorts(portsPerServer - 1);
        const more = ports.map((port) => `Port ${port}`);
        const server = await startSshd({ lines: ['Subsystem sftp internal-sftp', 'MaxStartups 200', ...more] });
        servers.push(server);
        places.push(...[server.port, ...ports].map((port) => ({ server, port })));
      }
      return { ours: await rotate(places), reference: await loop(places) };
    } finally {
      for (const server of servers) await server.stop();
    }
  },
};

/** Seconds from the start of the campaign to its end. */
async function rotate(places: readonly Place[]): Promise<number> {
  const console = await startCommissioned();
  const { client } = console;
  try {
    const plantIds = [];
    for (const { server, port } of places) {
      const { plantId } = await client.plants.create({ name: `Plant ${port}`, authMethod: 'MTLS' });
      const directory = `${server.base}/ours-${port}`;
      await client.plants.putDevice({ plantId, device: { ...entryOf(server, { directory }), port } });
      await client.plants.confirmHostKey({ plantId, fingerprint: server.fingerprint });
      plantIds.push(plantId);
    }
    const { campaignId } = await client.campaigns.create({
      selection: { kind: 'plants', plantIds },
      settings: { name: 'Bench', verify: null },
    });
    const begin = performance.now();
    await client.campaigns.start({ campaignId });
    const { counts, finishedAt } = await campaignEnd(console, campaignId);
    const seconds = (performance.now() - begin) / 1000;
    if (counts.done !== devices || finishedAt === null) throw new Error(`${devices - counts.done} devices failed`);
    return seconds;
  } finally {
    await console.dispose();
  }
}

/** Seconds for all, one after the other. */
async function loop(places: readonly Place[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
  try {
    const authority = await benchAuthority();
    await writeFile(join(folder, 'ca.crt'), authority.certificatePem);
    await writeFile(join(folder, 'ca.key'), authority.privateKeyPem, { mode: 0o600 });
    const logins = await Promise.all(
      places.map(async ({ server, port }) => {
        await mkdir(`${server.base}/loop`, { recursive: true });
        await mkdir(`${server.base}/loop/${port}`);
        return { server, port, client: await opensshClient(server, join(folder, `login-${port}`)) };
      }),
    );
    const begin = performance.now();
    for (const { server, port, client } of logins) {
      await deviceCertificateScript(folder, 'device', (file) => ['genrsa', '-out', file, '2048']);
      await bringByOpenssh(client, port, folder, `${server.base}/loop/${port}`);
    }
    return (performance.now() - begin) / 1000;
  } finally {
    await rm(folder, { recursive: true });
  }
}
