import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { authorityRow, certificateRow, moment, registerPageRow } from '../../../support/vault-rows.ts';

test('pages come in their order, and open one by one', async () => {
  const { vault } = await createVault();
  const later = '2051-01-01T00:00:00.000Z';
  const second = registerPageRow({ pageId: 'authority-1/1', position: 1, revokedCount: 1, lastNotAfter: later });
  vault.registerPages.insert(second, 'second');
  vault.registerPages.insert(registerPageRow(), 'first');
  expect(vault.registerPages.ids('authority-1')).toEqual(['authority-1/0', 'authority-1/1']);
  expect(vault.registerPages.get('authority-1/1')).toEqual(second);
  expect(vault.registerPages.lastNotAfter('authority-1')).toBe(later);
  expect(vault.registerPages.entries('authority-1/1')).toBe('second');
  vault.registerPages.replace(registerPageRow({ revokedCount: 1 }), 'first anew');
  expect(vault.registerPages.entries('authority-1/0')).toBe('first anew');
  expect(vault.registerPages.revokedCount('authority-1')).toBe(2);
  vault.registerPages.forget('authority-1');
  expect(vault.registerPages.ids('authority-1')).toEqual([]);
  expect(vault.registerPages.revokedCount('authority-1')).toBe(0);
  expect(vault.registerPages.lastNotAfter('authority-1')).toBeUndefined();
  expect(() => vault.registerPages.entries('authority-1/1')).toThrow(
    expect.objectContaining({ code: 'vault/damaged' }),
  );
});

test('an authority is forgotten with its certificates as long as it has not issued', async () => {
  const { vault } = await createVault();
  vault.authorities.insert(authorityRow({ state: 'next' }), 'key');
  vault.certificates.insert(certificateRow('0a'));
  vault.authorities.forget('authority-1');
  expect([vault.authorities.list(), vault.certificates.list().items]).toEqual([[], []]);
  vault.authorities.insert(authorityRow({ state: 'next' }), 'key');
  vault.certificates.insert(certificateRow('0a'));
  vault.authorities.setState('authority-1', 'current', moment);
  vault.authorities.forget('authority-1');
  expect(vault.certificates.get('0a')).toBeDefined();
  expect(vault.authorities.current()).toBeDefined();
});
