// A process of its own whose console takes in an authority that revoked 90,000 certificates, and then does with it what
// reads, signs, checks or sends its CRL, all through the contract. It tells how long the event loop stood still at most
// during each of them.
// Usage: node crl-ways-once.ts

import { buildCrl } from '../../../electron/authority/crl.ts';
import { createAuthority } from '../../../electron/authority/root.ts';
import { newSerialNumber } from '../../../electron/authority/tbs-certificate.ts';
import { freePorts } from '../../../electron/platform/free-port.ts';
import { passphrase, startConsole, type TestConsole } from '../../support/console.ts';
import { sentFile } from '../../support/import-files.ts';
import { endOf } from '../../support/jobs.ts';
import { longestStall } from '../stall.ts';

/** Milliseconds by what was done. */
export type CrlWays = Readonly<Record<string, number>>;

const revokedCount = 90_000;
const csvPlants = 200;

async function authorityFiles() {
  const now = new Date();
  const authority = await createAuthority({ keyAlgorithm: 'EC-P256', subject: '/CN=Ten Years', now });
  const entries = Array.from({ length: revokedCount }, (_, number) => ({
    serialNumber: newSerialNumber().toString('hex'),
    revokedAt: new Date(now.getTime() - number * 60_000),
    reason: 'superseded' as const,
  }));
  const { crlPem } = await buildCrl({ authority, entries, number: 41n, now });
  return [
    sentFile('ca.crt', authority.certificatePem),
    sentFile('ca.key', authority.privateKeyPem),
    sentFile('ca.crl', crlPem),
  ];
}

/** A job that failed would be no measurement. */
async function succeeded(console: TestConsole, started: Promise<{ jobId: string }>): Promise<void> {
  const job = await endOf(console, await started);
  if (job.state !== 'succeeded') throw new Error(`the job ${job.state}: ${job.error?.code}`);
}

const files = await authorityFiles();
const console = await startConsole();
const { client } = console;
const ways: Record<string, number> = {};
const measure = async (name: string, work: () => Promise<unknown>) => {
  ways[name] = await longestStall(work);
};
try {
  await client.vault.create({ passphrase });
  await measure('preview', () => client.authority.previewImport({ files }));
  await measure('import', () => client.authority.import({ files }));
  const { crl } = await client.authority.get();
  if (crl.revokedCount !== revokedCount) throw new Error(`a CRL of ${crl.revokedCount} entries`);
  await measure('unlock', async () => {
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    await client.authority.get();
  });
  await measure('expiries', () => client.authority.expiries());
  await measure('renewCrl', () => client.authority.renewCrl());
  const { plantId } = await client.plants.create({ name: 'One', authMethod: 'MTLS' });
  await measure('provision', () => client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' }));
  await client.plants.activate({ plantId });
  await measure('revoke', () => client.plants.revoke({ plantId }));
  await measure('undo', () => client.plants.takeRevocationBack({ plantId }));
  await measure('crlFile', async () => (await client.authority.crlFile()).text());
  await measure('derFile', async () => (await client.authority.derFile({ file: 'ca-crl.der' })).arrayBuffer());
  await measure('exportSet', async () => (await client.authority.exportSet({ withPrivateKeys: false })).arrayBuffer());
  await measure('check', () => client.authority.check());
  const csv = `name,site,authMethod\n${Array.from({ length: csvPlants }, (_, number) => `P ${number},,MTLS`).join('\n')}`;
  await measure('CSV', () => succeeded(console, client.plants.import({ csv, issue: { keyAlgorithm: 'EC-P256' } })));
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const { brokerId } = await client.brokers.create({
    name: 'Hall',
    target: { kind: 'process' },
    host: 'localhost',
    ports: { mtls, password, token },
  });
  await measure('plan', () => client.brokers.plan({ brokerId }));
  await measure('push', () => succeeded(console, client.brokers.push({ brokerId })));
  await client.authority.renewCrl();
  await measure('plan of a change', () => client.brokers.plan({ brokerId }));
  await measure('push of a change', () => succeeded(console, client.brokers.push({ brokerId })));
  await measure('rollover.start', () => client.rollover.start({ keyAlgorithm: 'EC-P256' }));
  await measure('push of both', () => succeeded(console, client.brokers.push({ brokerId })));
  process.stdout.write(JSON.stringify(ways satisfies CrlWays));
} finally {
  await console.dispose();
}
