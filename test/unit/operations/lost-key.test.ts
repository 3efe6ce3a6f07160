// A vault that has lost the key of its authority says so wherever a signature is needed, and gets out of it by an emergency.

import { expect, test } from 'vitest';
import { establishAuthority, renewCrl, viewAuthority } from '../../../electron/operations/authority.ts';
import { activatePlant, provisionPlant, revokePlant } from '../../../electron/operations/credential-lifecycle.ts';
import { addPlant, getPlant } from '../../../electron/operations/plants.ts';
import { renewPlants } from '../../../electron/operations/renew-plants.ts';
import { retireAuthority, startRollover, viewRollover } from '../../../electron/operations/rollover.ts';
import type { AuthMethod } from '../../../shared/model/plant.ts';
import { type Loss, loseAuthorityKey } from '../../support/lost-key.ts';
import { contextOver } from '../../support/push-scene.ts';
import { vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';

const validityDays = 3650;
const subject = '/CN=Test Root';
const rollover = { validityDays, emergency: false };
const missing = { code: 'authority/key-missing' };

/** A plant by certificate and one by password, each in force, in a vault whose authority's key was lost while it was shut. */
async function scene(loss: Loss) {
  const path = await vaultPath();
  const file = vaultFile(path);
  const before = contextOver(await file.create(testPassphrase));
  await establishAuthority(before, { subject, keyAlgorithm: 'EC-P256', validityDays });
  const commissioned = async (authMethod: AuthMethod) => {
    const { plantId } = addPlant(before, { name: authMethod, authMethod });
    await provisionPlant(before, plantId, { keyAlgorithm: 'EC-P256' });
    await activatePlant(before, plantId, 'operator');
    return plantId;
  };
  const byCertificate = await commissioned('MTLS');
  const byPassword = await commissioned('PASSWORD');
  file.lock();
  loseAuthorityKey(path, loss);
  const vault = await file.unlock(testPassphrase);
  const context = contextOver(vault);
  const waiting = async () => (await viewRollover(context)).plants.map(({ name, needs }) => `${name}: ${needs}`);
  const renew = () =>
    renewPlants(
      context,
      (_name, work) => work(),
      () => {},
    );
  return { vault, context, byCertificate, byPassword, waiting, renew };
}

test.each(['unreadable', 'gone'] as const)(
  'what needs a signature of a key that is %s is refused whole',
  async (loss) => {
    const { vault, context, byCertificate } = await scene(loss);
    const { plantId } = addPlant(context, { name: 'New', authMethod: 'MTLS' });
    const head = vault.audit.list({ limit: 1, offset: 0 }).total;
    await expect(provisionPlant(context, plantId)).rejects.toMatchObject(missing);
    await expect(renewCrl(context)).rejects.toMatchObject(missing);
    await expect(revokePlant(context, byCertificate, { reason: 'keyCompromise' })).rejects.toMatchObject(missing);
    await expect(startRollover(context, rollover)).rejects.toMatchObject(missing);
    expect(getPlant(context, byCertificate).status).toBe('ACTIVE');
    expect(vault.certificates.list({ state: 'revoked' }).total).toBe(0);
    expect(vault.audit.list({ limit: 1, offset: 0 }).total).toBe(head);
  },
);

test('with a key that does not open all that needs no signature goes on', async () => {
  const { context, byPassword } = await scene('unreadable');
  expect(viewAuthority(context).subject).toBe(subject);
  expect((await viewRollover(context)).authorities).toMatchObject([{ hasKey: false }]);
  expect((await revokePlant(context, byPassword, { reason: 'unspecified' })).status).toBe('REVOKED');
});

test('an emergency gets out of it, without a certificate of the old authority for the new one', async () => {
  const { vault, context, byCertificate, byPassword, waiting, renew } = await scene('unreadable');
  const { authorities } = await startRollover(context, { ...rollover, emergency: true });
  expect(authorities).toMatchObject([
    { subject, state: 'retiring', isCompromised: true, hasKey: false, isCrossCertified: false },
    { subject: `${subject} G2`, state: 'current', hasKey: true, isCrossCertified: false },
  ]);
  expect(await waiting()).toEqual(['MTLS: credential', 'PASSWORD: credential']);
  await renew();
  for (const plantId of [byCertificate, byPassword]) await activatePlant(context, plantId, 'operator');
  expect(await waiting()).toEqual([]);
  // The old certificate counts as revoked, though no CRL can say so any more.
  expect(
    vault.certificates
      .list({ plantId: byCertificate })
      .items.map(({ state }) => state)
      .toSorted(),
  ).toEqual(['active', 'revoked']);
  const [entry] = vault.audit.list({ limit: 10, offset: 0 }).items.filter(({ action }) => action === 'crl.unsigned');
  expect(entry).toMatchObject({ subject });
  const numbers = () => vault.authorities.list().map(({ crlNumber }) => crlNumber);
  const [old = 0n, next = 0n] = numbers();
  await renewCrl(context);
  expect(numbers()).toEqual([old, next + 1n]);
  await retireAuthority(context, authorities[0]?.authorityId ?? '', false);
  await renewCrl(context);
  expect(numbers()).toEqual([old, next + 2n]);
});

test('where nothing of the authority is left, none takes its place unnoticed, and an emergency names who held its certificates', async () => {
  const { context, byCertificate, byPassword, waiting, renew } = await scene('gone');
  expect(() => viewAuthority(context)).toThrow(expect.objectContaining(missing));
  await expect(establishAuthority(context, { subject, keyAlgorithm: 'EC-P256', validityDays })).rejects.toMatchObject(
    missing,
  );
  const begun = await startRollover(context, { ...rollover, keyAlgorithm: 'EC-P256', emergency: true });
  // Not the name of the lost one: certificates of both would be taken for each other's.
  expect(begun.authorities).toMatchObject([{ subject: `${subject} G2`, state: 'current', isCrossCertified: false }]);
  expect(await waiting()).toEqual(['MTLS: credential', 'PASSWORD: credential']);
  await renew();
  for (const plantId of [byCertificate, byPassword]) await activatePlant(context, plantId, 'operator');
  expect(await viewRollover(context)).toMatchObject({ stage: 'none', plants: [], plantCount: 2 });
});
