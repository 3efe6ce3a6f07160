// Who has the key of an authority has heard passwords and tokens as a broker would: all three methods get something new.

import { expect, test } from 'vitest';
import { establishAuthority } from '../../../electron/operations/authority.ts';
import { activatePlant, downloadPackage, provisionPlant } from '../../../electron/operations/credential-lifecycle.ts';
import { issuePlantToken } from '../../../electron/operations/plant-tokens.ts';
import { addPlant } from '../../../electron/operations/plants.ts';
import { renewPlants } from '../../../electron/operations/renew-plants.ts';
import { issueFromNext, retireAuthority, startRollover, viewRollover } from '../../../electron/operations/rollover.ts';
import { retireTokenKey, signWithTokenKey, startTokenRollover } from '../../../electron/operations/token-keys.ts';
import { authMethods, type PlantId } from '../../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../../shared/model/provisioning.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';

const validityDays = 3650;

/** A plant a method, each in force; a minute passes with every step. */
async function scene() {
  const { vault } = await createVault();
  let now = Date.parse('2031-01-01T00:00:00Z');
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  const context = { ...contextOver(vault), clock: { now: () => new Date(now) } };
  await establishAuthority(context, { subject: '/CN=Test Root', keyAlgorithm: 'EC-P256', validityDays });
  const before = new Map<PlantId, ProvisioningPackage>();
  for (const authMethod of authMethods) {
    const { plantId } = addPlant(context, { name: authMethod, authMethod });
    before.set(plantId, await provisionPlant(context, plantId, { keyAlgorithm: 'EC-P256' }));
    await activatePlant(context, plantId, 'operator');
    pass(60);
  }
  const emergency = async () => {
    const begun = await startRollover(context, { validityDays, emergency: true });
    pass(60);
    return begun;
  };
  const renew = () =>
    renewPlants(
      context,
      (_name, work) => work(),
      () => {},
    );
  const waiting = async () => (await viewRollover(context)).plants.map(({ name, needs }) => `${name}: ${needs}`);
  return { vault, context, pass, before, emergency, renew, waiting };
}

const secretOf = ({ auth }: ProvisioningPackage): string =>
  'password' in auth ? auth.password : 'token' in auth ? auth.token : auth.deviceCertPem;

test('plants of every method are named until their new credential is in force', async () => {
  const { context, pass, before, emergency, renew, waiting } = await scene();
  const begun = await emergency();
  expect(begun).toMatchObject({ stage: 'renew', isEmergency: true, plantCount: 3 });
  expect(await waiting()).toEqual(['MTLS: credential', 'PASSWORD: credential', 'TOKEN: credential']);
  await renew();
  expect(await waiting()).toEqual(['MTLS: delivery', 'PASSWORD: delivery', 'TOKEN: delivery']);
  const [old] = begun.authorities;
  await expect(retireAuthority(context, old?.authorityId ?? '', false)).rejects.toMatchObject({
    code: 'authority/rollover-in-use',
    details: { plantCount: 3 },
  });
  // Another run passes over who has got one.
  await renew();
  for (const [plantId, known] of before) {
    const fresh = downloadPackage(context, plantId);
    expect(secretOf(fresh)).not.toBe(secretOf(known));
    expect(fresh.hmacSecret).not.toBe(known.hmacSecret);
    expect(await waiting()).toHaveLength(3);
  }
  for (const plantId of before.keys()) {
    const left = (await waiting()).length;
    pass(60);
    await activatePlant(context, plantId, 'operator');
    expect(await waiting()).toHaveLength(left - 1);
  }
  expect((await viewRollover(context)).stage).toBe('retire');
});

test('in peace a password and a token stay what they are', async () => {
  const { context, waiting, pass } = await scene();
  await startRollover(context, { validityDays, emergency: false });
  pass(60);
  await issueFromNext(context, true);
  expect(await waiting()).toEqual(['MTLS: credential', 'PASSWORD: trust', 'TOKEN: trust']);
  expect((await viewRollover(context)).exposedTokenKey).toBeNull();
});

test('whoever was left out by an insisted retirement is still named, whatever its method', async () => {
  const { context, emergency, waiting } = await scene();
  const { authorities } = await emergency();
  await retireAuthority(context, authorities[0]?.authorityId ?? '', true);
  expect(await waiting()).toEqual(['MTLS: credential', 'PASSWORD: credential', 'TOKEN: credential']);
});

test('a new token that nobody brought there in time is issued anew', async () => {
  const { pass, emergency, renew, waiting } = await scene();
  await emergency();
  await renew();
  pass(86_401);
  expect(await waiting()).toEqual(['MTLS: delivery', 'PASSWORD: delivery', 'TOKEN: credential']);
  await renew();
  expect(await waiting()).toEqual(['MTLS: delivery', 'PASSWORD: delivery', 'TOKEN: delivery']);
});

test('the token key counts as stolen with it, until another one has taken its place everywhere', async () => {
  const { context, before, emergency, renew, waiting, pass } = await scene();
  expect((await emergency()).exposedTokenKey).toBe('signs');
  await renew();
  for (const plantId of before.keys()) await activatePlant(context, plantId, 'operator');
  expect(await waiting()).toEqual([]);
  pass(60);
  const [next, old] = await startTokenRollover(context);
  expect((await viewRollover(context)).exposedTokenKey).toBe('signs');
  signWithTokenKey(context, next?.keyId ?? '', false);
  // Its token is a new one, but by the key that others have.
  expect((await viewRollover(context)).exposedTokenKey).toBe('trusted');
  expect(await waiting()).toEqual(['TOKEN: credential']);
  const [tokenPlant] = [...before].filter(([, { authMethod }]) => authMethod === 'TOKEN').map(([plantId]) => plantId);
  if (!tokenPlant) throw new Error('no plant');
  await issuePlantToken(context, tokenPlant, 3600);
  expect(await waiting()).toEqual([]);
  retireTokenKey(context, old?.keyId ?? '', false);
  expect((await viewRollover(context)).exposedTokenKey).toBeNull();
});
