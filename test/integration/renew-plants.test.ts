// A renewed certificate is like the one before, but for its authority.

import { X509Certificate } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
afterEach(() => console.dispose());

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
