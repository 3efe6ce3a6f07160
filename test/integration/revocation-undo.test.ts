// A revocation is taken back only while nobody outside the console can have heard of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { addLocalBroker, knock } from '../support/push-scene.ts';
import { describeWith, programPath } from '../support/requirements.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const provisioned = async (authMethod: 'MTLS' | 'PASSWORD' | 'TOKEN', brokerId?: string) => {
  const { client } = console;
  const { plantId } = await client.plants.create({ name: `Pump ${authMethod}`, authMethod });
  const issue = { plantId, ...(brokerId !== undefined && { brokerId }) };
  return client.plants.provision({ ...issue, ...(authMethod === 'MTLS' && { keyAlgorithm: 'EC-P256' as const }) });
};

describe.each(['MTLS', 'PASSWORD', 'TOKEN'] as const)('a %s plant', (authMethod) => {
  it('is as it was when its revocation is taken back, and the CRL number has grown', async () => {
    const { client } = console;
    const { plantId } = await provisioned(authMethod);
    const before = await client.plants.get({ plantId });
    const [credential] = await client.plants.credentials({ plantId });
    const number = (await client.authority.get()).crl.number;
    expect(await client.plants.revoke({ plantId })).toMatchObject({ status: 'REVOKED', revocationIsOpen: true });
    const after = await client.plants.takeRevocationBack({ plantId });
    expect(after).toEqual({ ...before, updatedAt: after.updatedAt });
    expect((await client.plants.credentials({ plantId }))[0]).toEqual(credential);
    expect((await client.authority.get()).crl).toMatchObject({
      number: String(Number(number) + (authMethod === 'MTLS' ? 2 : 0)),
      revokedCount: 0,
    });
    await expect(client.plants.takeRevocationBack({ plantId })).rejects.toMatchObject({
      code: 'plant/revocation-left',
    });
    // Its package was never handed over, and still is there.
    expect((await client.plants.download({ plantId })).body.plantId).toBe(plantId);
  });
});

describe('the CRL', () => {
  it('has left with a download', async () => {
    const { client } = console;
    const { plantId } = await provisioned('MTLS');
    await client.plants.revoke({ plantId });
    const crl = inspectCrl(await (await client.authority.crlFile()).text());
    expect(crl.revokedSerialNumbers).toHaveLength(1);
    expect(await client.plants.get({ plantId })).toMatchObject({ status: 'REVOKED', revocationIsOpen: false });
    await expect(client.plants.takeRevocationBack({ plantId })).rejects.toMatchObject({
      code: 'plant/revocation-left',
    });
    expect(await client.plants.credentials({ plantId })).toMatchObject([{ secretsAvailable: false }]);
  });

  it("has left with a broker's files", async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    const { plantId } = await provisioned('MTLS', brokerId);
    await client.plants.revoke({ plantId });
    await client.brokers.files({ brokerId });
    await expect(client.plants.takeRevocationBack({ plantId })).rejects.toMatchObject({
      code: 'plant/revocation-left',
    });
  });

  it('has left with a push, and not with a plan', async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console, { kind: 'practice' });
    const files = await provisioned('MTLS', brokerId);
    const { plantId } = files;
    const push = async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await push();
    await client.plants.revoke({ plantId, reason: 'keyCompromise' });
    await client.brokers.plan({ brokerId });
    await client.plants.takeRevocationBack({ plantId });
    await push();
    expect(await knock(files)).toBe('accepted');
    await client.plants.revoke({ plantId, reason: 'keyCompromise' });
    await push();
    await expect(client.plants.takeRevocationBack({ plantId })).rejects.toMatchObject({
      code: 'plant/revocation-left',
    });
    expect(await knock(files)).toBe('refused');
  });
});

it('ends with the next credential', async () => {
  const { client } = console;
  const { plantId } = await provisioned('MTLS');
  await client.plants.revoke({ plantId });
  await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
  await expect(client.plants.takeRevocationBack({ plantId })).rejects.toMatchObject({ code: 'plant/revocation-left' });
});

describeWith('openssl')('the invalidity date', () => {
  it('says since when a key was lost, and never a day to come', async () => {
    const { client } = console;
    const { plantId } = await provisioned('MTLS');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    await expect(client.plants.revoke({ plantId, invalidityDate: tomorrow })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await client.plants.revoke({ plantId, reason: 'keyCompromise', invalidityDate: '2026-02-03T04:05:06.000Z' });
    const { items } = await client.authority.listCertificates({ state: 'revoked' });
    expect(items).toMatchObject([{ revocationReason: 'keyCompromise', invalidityDate: '2026-02-03T04:05:06.000Z' }]);
    const crlPem = await (await client.authority.crlFile()).text();
    const text = await run(programPath('openssl'), ['crl', '-noout', '-text'], crlPem);
    expect(text).toMatch(/Key Compromise/);
    expect(text).toContain('Feb  3 04:05:06 2026 GMT');
  });
});

it('publishes CRLs for as long as the policy says', async () => {
  const { client } = console;
  expect((await client.authority.get()).crl).toMatchObject({ number: '1', nextUpdateDays: 365 });
  const { crl } = await client.authority.setCrlPolicy({ nextUpdateDays: 30 });
  expect(crl).toMatchObject({ number: '2', nextUpdateDays: 30 });
  const days = (Date.parse(crl.nextUpdate) - Date.parse(crl.thisUpdate)) / 86_400_000;
  // The list begins a day early, for clocks that are behind.
  expect(days).toBeCloseTo(31, 1);
  await expect(client.authority.setCrlPolicy({ nextUpdateDays: 0 })).rejects.toMatchObject({ code: 'input/invalid' });
});
