import { expect, test } from 'vitest';
import { trailHistory } from '../../../electron/operations/handover-history.ts';
import { createVault } from '../../support/vault.ts';
import { plantId } from '../../support/vault-rows.ts';

const day = (number: number) => `2031-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

test('tells of each credential when and how it reached its device, and when it first proved itself', async () => {
  const { vault } = await createVault();
  let number = 0;
  const line = (action: string, credentialId: string, details: Record<string, unknown> = {}) => {
    number += 1;
    vault.audit.append({
      at: day(number),
      actor: 'a',
      action,
      subject: plantId('a'),
      details: { credentialId, ...details },
    });
  };
  line('credential.deployed', 'one');
  line('plant.activate', 'one', { evidence: 'session' });
  line('credential.downloaded', 'two');
  line('plant.activate', 'two', { evidence: 'operator' });
  // A receipt destroys what is left in the vault, and is written down after that.
  line('credential.deployed', 'three');
  line('offline.receipt', 'three');
  line('credential.activated', 'four');
  line('plant.activate', 'one', { evidence: 'session' });
  vault.audit.append({ at: day(9), actor: 'a', action: 'vault.unlock', subject: '', details: { credentialId: 5 } });
  const none = { deployedAt: null, deployedBy: null, firstSessionAt: null, confirmedAt: null };
  const { credentials, restoredAt } = await trailHistory(vault);
  expect(restoredAt).toBeNull();
  expect(Object.fromEntries(credentials)).toEqual({
    one: { ...none, deployedAt: day(1), deployedBy: 'device', firstSessionAt: day(2) },
    two: { ...none, deployedAt: day(3), deployedBy: 'file', confirmedAt: day(4) },
    three: { ...none, deployedAt: day(5), deployedBy: 'stick' },
    four: { ...none, deployedAt: day(7), deployedBy: 'word' },
  });
});

test('reads a trail of more than one page', async () => {
  const { vault } = await createVault();
  vault.transaction(() => {
    for (let at = 0; at < 1200; at++) {
      const details = { credentialId: `c${at}` };
      vault.audit.append({ at: day(1), actor: 'a', action: 'credential.deployed', subject: '', details });
    }
  });
  expect((await trailHistory(vault)).credentials.size).toBe(1200);
});

test('tells when the vault last came from a backup', async () => {
  const { vault } = await createVault();
  for (const at of [day(1), day(2)])
    vault.audit.append({ at, actor: 'a', action: 'vault.restore', subject: '', details: {} });
  expect((await trailHistory(vault)).restoredAt).toBe(day(2));
});
