import { expect, test } from 'vitest';
import { createVault } from '../../../support/vault.ts';
import { authorityRow, certificateRow, moment, plantId } from '../../../support/vault-rows.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const crl = (crlNumber: bigint) => ({
  crlNumber,
  crlThisUpdate: moment,
  crlNextUpdate: moment,
  crlBodyId: `crl-${crlNumber}`,
  crlPartCount: 1,
});

async function withAuthority() {
  const { vault } = await createVault();
  vault.authorities.insert(authorityRow(), 'authority key');
  return vault;
}

test('a vault has no authority, then one', async () => {
  const { vault } = await createVault();
  expect(vault.authorities.current()).toBeUndefined();
  vault.authorities.insert(authorityRow(), 'authority key');
  expect(vault.authorities.current()).toEqual(authorityRow());
  expect(vault.authorities.privateKeyPem('authority-1')).toBe('authority key');
  const second = authorityRow({ authorityId: 'authority-2' });
  expect(() => vault.authorities.insert(second, 'other')).toThrow(code('authority/exists'));
  expect(() => vault.authorities.privateKeyPem('authority-2')).toThrow(code('authority/key-missing'));
});

test('the next authority becomes the current one, and the one before is on its way out', async () => {
  const vault = await withAuthority();
  vault.authorities.insert(authorityRow({ authorityId: 'authority-2', state: 'next' }), 'second key');
  const states = () => vault.authorities.list().map(({ state }) => state);
  expect(states()).toEqual(['current', 'next']);
  vault.authorities.setState('authority-2', 'current', moment);
  expect(states()).toEqual(['retiring', 'current']);
  expect(vault.authorities.current()?.authorityId).toBe('authority-2');
  vault.authorities.setCompromised('authority-1');
  vault.authorities.setCrossCertificate('authority-2', 'cross', 'authority-1');
  vault.authorities.setState('authority-1', 'retired', moment);
  expect(vault.authorities.get('authority-1')).toMatchObject({ isCompromised: true, retiredAt: moment });
  expect(vault.authorities.get('authority-2')).toMatchObject({
    crossCertificatePem: 'cross',
    crossIssuerId: 'authority-1',
  });
  expect(() => vault.authorities.setState('authority-3', 'retired', moment)).toThrow(code('authority/not-found'));
});

test('a CRL is only replaced by one with a higher number', async () => {
  const vault = await withAuthority();
  vault.authorities.updateCrl('authority-1', crl(2n));
  expect(vault.authorities.current()).toMatchObject(crl(2n));
  expect(() => vault.authorities.updateCrl('authority-1', crl(2n))).toThrow('CRL number must grow');
  expect(vault.authorities.current()?.crlNumber).toBe(2n);
  // By its value, not by its digits; and 20 octets of it come back whole.
  const greatest = 2n ** 159n - 1n;
  for (const number of [10n, greatest]) {
    vault.authorities.updateCrl('authority-1', crl(number));
    expect(vault.authorities.current()?.crlNumber).toBe(number);
  }
  for (const number of [9n, greatest - 1n]) {
    expect(() => vault.authorities.updateCrl('authority-1', crl(number))).toThrow('CRL number must grow');
  }
});

test('a certificate comes back as it was put in; a private key only where one was kept', async () => {
  const vault = await withAuthority();
  const device = certificateRow('0a', { plantId: plantId('a') });
  vault.certificates.insert(device);
  vault.certificates.insert(certificateRow('0b', { kind: 'broker' }), 'broker key');
  expect(vault.certificates.get('0a')).toEqual(device);
  expect(vault.certificates.get('ff')).toBeUndefined();
  expect(vault.certificates.privateKeyPem('0a')).toBeUndefined();
  expect(vault.certificates.privateKeyPem('0b')).toBe('broker key');
});

test('all certificates of an authority are read a page at a time', async () => {
  const vault = await withAuthority();
  const serials = ['05', '01', '04', '02', '03'];
  for (const serialNumber of serials) vault.certificates.insert(certificateRow(serialNumber));
  for (const serialNumber of ['01', '02', '03']) vault.certificates.revoke(serialNumber, moment, 'superseded');
  const behind = (after: string | undefined, state?: 'revoked') =>
    vault.certificates
      .listBehind({ authorityId: 'authority-1', state }, after, 2)
      .map(({ serialNumber }) => serialNumber);
  expect([behind(undefined), behind('01'), behind('02')]).toEqual([['05', '01'], ['04', '02'], ['03']]);
  expect([behind(undefined, 'revoked'), behind('02', 'revoked')]).toEqual([['01', '02'], ['03']]);
  expect(vault.certificates.listBehind({ authorityId: 'authority-2' }, undefined, 2)).toEqual([]);
});

test('certificates are listed newest first, filtered and in pages', async () => {
  const vault = await withAuthority();
  vault.certificates.insert(certificateRow('01', { plantId: plantId('a'), createdAt: '2030-01-01T00:00:00.000Z' }));
  vault.certificates.insert(certificateRow('02', { plantId: plantId('b'), createdAt: '2030-01-02T00:00:00.000Z' }));
  vault.certificates.insert(certificateRow('03', { kind: 'broker', brokerId: 'b1', state: 'active' }));
  const serials = (filter?: Parameters<typeof vault.certificates.list>[0]) =>
    vault.certificates.list(filter).items.map((row) => row.serialNumber);
  expect(serials()).toEqual(['03', '02', '01']);
  expect(serials({ kind: 'device' })).toEqual(['02', '01']);
  expect(serials({ state: 'active' })).toEqual(['03']);
  expect(serials({ plantId: plantId('a') })).toEqual(['01']);
  expect(serials({ brokerId: 'b1', kind: 'device' })).toEqual([]);
  expect(serials({ authorityId: 'authority-1', limit: 1, offset: 1 })).toEqual(['02']);
  expect(vault.certificates.list({ limit: 1 }).total).toBe(3);
});

test('a revoked certificate stays revoked, since the first moment and for the first reason', async () => {
  const vault = await withAuthority();
  vault.certificates.insert(certificateRow('0a'));
  vault.certificates.setState('0a', 'active');
  vault.certificates.revoke('0a', moment, 'keyCompromise');
  vault.certificates.revoke('0a', '2033-01-01T00:00:00.000Z', 'superseded');
  expect(() => vault.certificates.setState('0a', 'active')).toThrow(code('internal/unexpected'));
  expect(vault.certificates.get('0a')).toMatchObject({
    state: 'revoked',
    revokedAt: moment,
    revocationReason: 'keyCompromise',
  });
  expect(() => vault.certificates.revoke('ff', moment, 'superseded')).toThrow(code('internal/unexpected'));
  expect(vault.certificates.lastNotAfter('authority-1')).toBe(moment);
  expect(vault.certificates.lastNotAfter('authority-2')).toBeUndefined();
});

test('a revocation that is taken back leaves nothing behind', async () => {
  const vault = await withAuthority();
  vault.certificates.insert(certificateRow('0a'));
  vault.certificates.revoke('0a', moment, 'keyCompromise', '2030-01-01T00:00:00.000Z');
  vault.certificates.revoke('0a', moment, 'keyCompromise', '2029-01-01T00:00:00.000Z');
  expect(vault.certificates.get('0a')?.invalidityDate).toBe('2030-01-01T00:00:00.000Z');
  vault.certificates.takeRevocationBack('0a', 'active');
  expect(vault.certificates.get('0a')).toEqual(certificateRow('0a', { state: 'active' }));
  expect(() => vault.certificates.takeRevocationBack('0a', 'active')).toThrow(code('internal/unexpected'));
});
