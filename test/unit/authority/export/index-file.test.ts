import { expect, it } from 'vitest';
import { indexLine } from '../../../../electron/authority/export/index-file.ts';
import { readIndexFile } from '../../../../electron/authority/import/index-file.ts';

const certificate = {
  serialNumber: '4a01',
  subject: '/CN=plant',
  notAfter: new Date('2031-02-03T04:05:06Z'),
  revokedAt: undefined,
  reason: undefined,
  invalidityDate: undefined,
};
const revokedAt = new Date('2026-11-21T10:00:00Z');

it('writes the lines of openssl', () => {
  expect(indexLine(certificate)).toBe('V\t310203040506Z\t\t4A01\tunknown\t/CN=plant\n');
  expect(indexLine({ ...certificate, notAfter: new Date('9999-12-31T23:59:59Z') })).toContain('\t99991231235959Z\t');
  expect(indexLine({ ...certificate, revokedAt, reason: 'superseded' })).toBe(
    'R\t310203040506Z\t261121100000Z,superseded\t4A01\tunknown\t/CN=plant\n',
  );
});

it('says since when a key is lost, as openssl does', () => {
  const dated = { ...certificate, revokedAt, invalidityDate: new Date('2026-02-03T04:05:06.000Z') };
  const revocation = (reason: 'keyCompromise' | 'cACompromise' | 'superseded') =>
    indexLine({ ...dated, reason }).split('\t')[2];
  expect(revocation('keyCompromise')).toBe('261121100000Z,keyTime,20260203040506Z');
  expect(revocation('cACompromise')).toBe('261121100000Z,CAkeyTime,20260203040506Z');
  // openssl knows no date beside these.
  expect(revocation('superseded')).toBe('261121100000Z,superseded');
});

it('leaves out reasons that openssl does not know', () => {
  for (const reason of ['unspecified', 'privilegeWithdrawn'] as const) {
    expect(indexLine({ ...certificate, revokedAt, reason })).toContain('\t261121100000Z\t');
  }
});

it('writes what the import reads', async () => {
  const revoked = { ...certificate, serialNumber: '4a02', revokedAt, reason: 'keyCompromise' as const };
  const dated = { ...revoked, serialNumber: '4a03', invalidityDate: new Date('2026-02-03T04:05:06Z') };
  expect(await readIndexFile([certificate, revoked, dated].map(indexLine).join(''))).toMatchObject([
    { line: 1, state: 'valid', ...certificate },
    { line: 2, state: 'revoked', ...revoked },
    { line: 3, state: 'revoked', ...dated },
  ]);
});
