// A renewed certificate is like the one before, but for its authority.

import { X509Certificate } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
afterEach(() => disposeChecked(console));

const certificateIn = ({ auth }: ProvisioningPackage) =>
  new X509Certificate('deviceCertPem' in auth ? auth.deviceCertPem : '');

it('has a key of the same kind and an end if there was one; a second run passes over who has got it', async () => {
  console = await startCommissioned();
  const { client } = console;
  const wishes = [
    { keyAlgorithm: 'EC-P384' as const },
    { keyAlgorithm: 'EC-P256' as const, validity: { notAfter: 'none' as const } },
    { keyAlgorithm: 'RSA-2048' as const },
  ];
  const plants: { readonly plantId: ProvisioningPackage['plantId']; readonly before: X509Certificate }[] = [];
  for (const [index, wish] of wishes.entries()) {
    const { plantId } = await client.plants.create({ name: `Plant ${index}`, authMethod: 'MTLS' });
    plants.push({ plantId, before: certificateIn(await client.plants.provision({ plantId, ...wish })) });
    await client.plants.activate({ plantId });
  }
  await client.rollover.start();
  await client.rollover.issue({ insist: true });
  expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
  const serials = async () => (await client.authority.listCertificates({ kind: 'device' })).items.length;
  expect(await serials()).toBe(6);
  expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
  expect(await serials()).toBe(6);
  for (const { plantId, before } of plants) {
    const after = certificateIn((await client.plants.download({ plantId })).body);
    expect(after.issuer).not.toBe(before.issuer);
    expect(after.subject).toBe(before.subject);
    expect(after.publicKey.asymmetricKeyType).toBe(before.publicKey.asymmetricKeyType);
    expect(after.publicKey.asymmetricKeyDetails).toEqual(before.publicKey.asymmetricKeyDetails);
    const isEndless = ({ validToDate }: X509Certificate) => hasNoEnd(validToDate.toISOString());
    expect(isEndless(after)).toBe(isEndless(before));
  }
});

it('goes on where a lock cut it off: what was in force stays, and nobody is issued to twice', async () => {
  console = await startCommissioned();
  const { client } = console;
  const plantIds: ProvisioningPackage['plantId'][] = [];
  for (let index = 0; index < 16; index += 1) {
    const { plantId } = await client.plants.create({ name: `Plant ${index}`, authMethod: 'MTLS' });
    await client.plants.provision({ plantId });
    await client.plants.activate({ plantId });
    plantIds.push(plantId);
  }
  const devices = async () => (await client.authority.listCertificates({ kind: 'device', limit: 100 })).items;
  const old = new Set((await devices()).map(({ serialNumber }) => serialNumber));
  await client.rollover.start();
  await client.rollover.issue({ insist: true });

  await client.rollover.renewPlants();
  while ((await devices()).length === old.size) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.vault.lock();
  await client.vault.unlock({ passphrase });

  const renewed = (await devices()).length - old.size;
  expect(renewed).toBeGreaterThan(0);
  expect(renewed).toBeLessThan(plantIds.length);
  expect((await devices()).filter(({ state }) => state === 'revoked')).toEqual([]);
  for (const plantId of plantIds) expect((await client.plants.get({ plantId })).status).toBe('ACTIVE');

  expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
  const fresh = (await devices()).filter(({ serialNumber }) => !old.has(serialNumber));
  expect(new Set(fresh.map(({ plantId }) => plantId)).size).toBe(plantIds.length);
  expect(fresh).toHaveLength(plantIds.length);
});
