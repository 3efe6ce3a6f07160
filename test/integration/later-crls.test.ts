// A vault that is older than what it has signed: a backup took its place. Nobody who was revoked comes in again, and no
// number of a CRL is given twice.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { vaultFileName } from '../../electron/core/console.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { loseAuthorityKey } from '../support/lost-key.ts';
import { addLocalBroker, knock } from '../support/push-scene.ts';

const otherPassphrase = 'another long passphrase';

let console: TestConsole;
let brokerId: string;
beforeEach(async () => {
  console = await startCommissioned();
  brokerId = await addLocalBroker(console);
});
afterEach(() => console.dispose());

async function provision(name: string) {
  const { client } = console;
  const { plantId } = await client.plants.create({ name, authMethod: 'MTLS' });
  const issued = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
  await client.plants.activate({ plantId });
  return { plantId, issued };
}
const push = async () => endOf(console, await console.client.brokers.push({ brokerId }));
const crl = async () => inspectCrl(await (await console.client.authority.crlFile()).text());
const statusOf = async (plantId: PlantId) => (await console.client.plants.get({ plantId })).status;

/** A backup, a revocation that is pushed, and a plant that is issued and revoked after it as well. */
async function revokedAfterBackup() {
  const { client } = console;
  const { plantId, issued } = await provision('Stolen');
  expect((await push()).error).toBeNull();
  const backup = await client.vault.backup();
  const { plantId: later } = await provision('Later');
  await client.plants.revoke({ plantId: later });
  await client.plants.revoke({ plantId, reason: 'keyCompromise', invalidityDate: '2026-02-03T04:05:06.000Z' });
  expect((await push()).error).toBeNull();
  return { plantId, issued, backup, before: await crl() };
}

async function expectAllRevoked({ plantId, before }: Awaited<ReturnType<typeof revokedAfterBackup>>) {
  const after = await crl();
  expect(after.number).toBeGreaterThan(before.number ?? 2n ** 160n);
  expect(after.revokedSerialNumbers).toEqual(expect.arrayContaining([...before.revokedSerialNumbers]));
  expect(await statusOf(plantId)).toBe('REVOKED');
  const { items } = await console.client.authority.listCertificates({ state: 'revoked', kind: 'device' });
  expect(items).toMatchObject([
    { plantId, revocationReason: 'keyCompromise', invalidityDate: '2026-02-03T04:05:06.000Z' },
  ]);
}

describe('a backup in the place of the vault that it is of', () => {
  it.each(['open', 'locked'])('revokes what the %s one revoked', async (state) => {
    const scene = await revokedAfterBackup();
    const { client } = console;
    if (state === 'locked') await client.vault.lock();
    await client.vault.restore({ passphrase, backup: scene.backup });
    await client.authority.renewCrl();
    await expectAllRevoked(scene);
    expect((await push()).error).toBeNull();
    expect(await knock(scene.issued)).toBe('refused');
  });

  it('signs nothing anew where nothing was signed since', async () => {
    const { client } = console;
    const backup = await client.vault.backup();
    await client.vault.restore({ passphrase, backup });
    expect((await client.authority.get()).crl.number).toBe('1');
  });

  it('leaves a gap in the numbers where the one before knew nothing of the authority', async () => {
    const { client } = console;
    const other = await startConsole();
    await other.client.vault.create({ passphrase: otherPassphrase });
    await other.client.vault.restore({ passphrase, backup: await client.vault.backup() });
    expect(Number((await other.client.authority.get()).crl.number)).toBeGreaterThan(1000);
    await other.dispose();
  });
});

it('a backup whose authority has lost its key is restored all the same', async () => {
  const { client, dataDirectory } = console;
  const { plantId } = await provision('Stolen');
  await client.vault.lock();
  const path = join(dataDirectory, vaultFileName);
  const whole = await readFile(path);
  loseAuthorityKey(path, 'unreadable');
  const backup = await client.vault.backup();
  await writeFile(path, whole);
  await client.vault.unlock({ passphrase });
  await client.plants.revoke({ plantId });
  await client.vault.restore({ passphrase, backup });
  expect(await statusOf(plantId)).toBe('ACTIVE');
  await expect(client.authority.renewCrl()).rejects.toMatchObject({ code: 'authority/key-missing' });
});

describe('a broker that revokes more than the vault', () => {
  it('is not pushed to before its revocations are taken in', async () => {
    const scene = await revokedAfterBackup();
    const { client } = console;
    const elsewhere = await startConsole();
    await elsewhere.client.vault.create({ passphrase: otherPassphrase });
    // The same machine, but nobody knows the passphrase of the vault that was there.
    await client.vault.lock();
    const backupOfOther = await elsewhere.client.vault.backup();
    await elsewhere.dispose();
    await client.vault.restore({ passphrase: otherPassphrase, backup: backupOfOther });
    await client.vault.lock();
    await client.vault.restore({ passphrase, backup: scene.backup });
    expect(await statusOf(scene.plantId)).toBe('ACTIVE');

    const refused = expect.objectContaining({ code: 'broker/revokes-more' }) as object;
    await expect(client.brokers.plan({ brokerId })).rejects.toEqual(refused);
    await expect(client.brokers.plan({ brokerId, drift: 'overwrite' })).rejects.toEqual(refused);
    expect((await push()).error).toEqual(refused);
    expect(await knock(scene.issued)).toBe('refused');

    expect((await client.brokers.takeRevocationsIn({ brokerId })).revoked).toBeGreaterThanOrEqual(2);
    expect(await client.brokers.takeRevocationsIn({ brokerId })).toEqual({ revoked: 0 });
    await expectAllRevoked(scene);
    expect((await push()).error).toBeNull();
    expect(await knock(scene.issued)).toBe('refused');
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    await expectAllRevoked(scene);
  });
});
