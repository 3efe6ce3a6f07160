// Keys that were made elsewhere: a renewal goes on with them, and none is certified for two plants or once others have it.

import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const addPlant = async (name: string) => (await console.client.plants.create({ name, authMethod: 'MTLS' })).plantId;
const certificateIn = ({ auth }: ProvisioningPackage) =>
  new X509Certificate('deviceCertPem' in auth ? auth.deviceCertPem : '');

async function changeAuthority(): Promise<void> {
  const { client } = console;
  await client.rollover.start();
  await client.rollover.issue({ insist: true });
  expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
}

describeWith('openssl')('a key of a certificate request', () => {
  async function request(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'voke-key-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const key = join(folder, 'key');
    await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key]);
    return await run('openssl', ['req', '-new', '-key', key, '-subj', '/CN=plc']);
  }

  it('goes on in a renewed certificate, and no private key is made here', async () => {
    const { client } = console;
    const plantId = await addPlant('HMI');
    const before = await client.plants.provision({ plantId, request: await request() });
    await client.plants.activate({ plantId });
    await changeAuthority();
    const { body: after } = await client.plants.download({ plantId });
    expect(Object.keys(after.auth)).toEqual(['deviceCertPem']);
    expect(certificateIn(after).issuer).not.toBe(certificateIn(before).issuer);
    expect(certificateIn(after).publicKey.equals(certificateIn(before).publicKey)).toBe(true);
  });

  it('is certified for one plant only, and for that one again until others may have it', async () => {
    const { client } = console;
    const [first, second] = [await addPlant('First'), await addPlant('Second')];
    const text = await request();
    await client.plants.provision({ plantId: first, request: text });
    const refused = (plantId: typeof first, code: string) =>
      expect(client.plants.provision({ plantId, request: text })).rejects.toMatchObject({ code, status: 409 });
    await refused(second, 'authority/key-shared');
    await client.plants.revoke({ plantId: first, reason: 'cessationOfOperation' });
    await client.plants.provision({ plantId: first, request: text });
    await client.plants.revoke({ plantId: first, reason: 'keyCompromise' });
    await refused(first, 'authority/key-compromised');
    await refused(second, 'authority/key-compromised');
    expect((await client.plants.credentials({ plantId: second })).length).toBe(0);
    await client.plants.takeRevocationBack({ plantId: first });
    await client.plants.provision({ plantId: first, request: text });
  });

  it('is certified for one of two plants that ask at once', async () => {
    const { client } = console;
    const plants = [await addPlant('First'), await addPlant('Second')];
    const text = await request();
    const asked = await Promise.allSettled(
      plants.map((plantId) => client.plants.provision({ plantId, request: text })),
    );
    expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await client.authority.listCertificates({ kind: 'device' })).total).toBe(1);
  });
});

it('a renewed certificate lives as the one before', async () => {
  const { client } = console;
  const day = 86_400_000;
  const wishes: (LeafValidity | undefined)[] = [{ days: 3000 }, { days: 90 }, { notAfter: 'authority' }, undefined];
  const plants: ProvisioningPackage['plantId'][] = [];
  for (const [index, validity] of wishes.entries()) {
    const plantId = await addPlant(`Plant ${index}`);
    await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256', validity });
    await client.plants.activate({ plantId });
    plants.push(plantId);
  }
  await changeAuthority();
  const { notAfter } = await client.authority.get();
  const ends: (number | string)[] = [];
  for (const plantId of plants) {
    const end = certificateIn((await client.plants.download({ plantId })).body).validToDate;
    const isAuthoritys = end.toISOString() === notAfter;
    ends.push(isAuthoritys ? 'authority' : Math.round((end.getTime() - Date.now()) / day));
  }
  expect(ends).toEqual([3000, 90, 'authority', 730]);
});
