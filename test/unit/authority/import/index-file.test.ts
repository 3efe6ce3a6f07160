import { expect, it } from 'vitest';
import { isEndOf, readIndexFile } from '../../../../electron/authority/import/index-file.ts';

const valid = 'V\t280418000000Z\t\t1000\tunknown\t/CN=one';
const revoked = 'R\t280418000000Z\t260101120000Z,keyCompromise\t1001\tunknown\t/CN=two';

it('reads what is valid, revoked and expired', async () => {
  const text = `# a remark\n${valid}\r\n${revoked}\nE\t20510418000000Z\t\t00AB\tnew/AB.pem\t/C=CZ/CN=three\n`;
  expect(await readIndexFile(text)).toEqual([
    {
      line: 2,
      state: 'valid',
      notAfter: new Date('2028-04-18T00:00:00Z'),
      end: '280418000000Z',
      revokedAt: undefined,
      reason: undefined,
      serialNumber: '1000',
      subject: '/CN=one',
    },
    {
      line: 3,
      state: 'revoked',
      notAfter: new Date('2028-04-18T00:00:00Z'),
      end: '280418000000Z',
      revokedAt: new Date('2026-01-01T12:00:00Z'),
      reason: 'keyCompromise',
      serialNumber: '1001',
      subject: '/CN=two',
    },
    expect.objectContaining({
      line: 4,
      state: 'expired',
      notAfter: new Date('2051-04-18T00:00:00Z'),
      serialNumber: 'ab',
    }),
  ]);
  expect(await readIndexFile('')).toEqual([]);
});

/** What `xca --index` (2.4.0) wrote. */
const byXca = `V\t361118131438Z\t\t3F2343A8D815B2399D5B24C2FF5459C88B4004B3\tunknown\t/C=CZ/O=Z\\xC3\\xA1vod/CN=XCA CA
V\t281120131438Z\t\t26F3381DBFF55B1158257723CE01339AD9281D42\tunknown\t/CN=a1b2c3d1-0000-0000-0000-000000000001
V\t281120131439Z\t\t26F3381DBFF55B1158257723CE01339AD9281D43\tunknown\t/CN=a1b2c3d2-0000-0000-0000-000000000002
V\t590929131439Z\t\t26F3381DBFF55B1158257723CE01339AD9281D44\tunknown\t/CN=a1b2c3d2-0000-0000-0000-000000000002
V\t99991231235959Z\t\t77\tunknown\t/CN=a1b2c3d1-0000-0000-0000-000000000001
`;

it('reads the register of XCA, which leaves the century out', async () => {
  const entries = await readIndexFile(byXca);
  expect(entries.map(({ notAfter }) => notAfter.toISOString())).toEqual([
    '2036-11-18T13:14:38.000Z',
    '2028-11-20T13:14:38.000Z',
    '2028-11-20T13:14:39.000Z',
    '2059-09-29T13:14:39.000Z',
    '9999-12-31T23:59:59.000Z',
  ]);
  const ends = entries.map(({ notAfter }) => notAfter);
  expect(entries.map((entry, index) => isEndOf(entry, ends[index] as Date))).toEqual(entries.map(() => true));
});

it.each([
  ['281120131438Z', '2028-11-20T13:14:38Z', true],
  ['20281120131438Z', '2028-11-20T13:14:38Z', true],
  ['590929131439Z', '2059-09-29T13:14:39Z', true],
  ['700101000000Z', '2070-01-01T00:00:00Z', true],
  ['20590929131439Z', '2059-09-29T13:14:39Z', true],
  ['19590929131439Z', '2059-09-29T13:14:39Z', false],
  ['590929131438Z', '2059-09-29T13:14:39Z', false],
])('%s is the end of a certificate that ends %s: %s', (end, notAfter, expected) => {
  expect(isEndOf({ end }, new Date(notAfter))).toBe(expected);
});

it('knows every reason that openssl writes, and takes an unknown one for a fault', async () => {
  const withReason = (reason: string) => readIndexFile(`R\t280418000000Z\t260101120000Z${reason}\t1001\tx\t/CN=x\n`);
  const reasonOf = async (reason: string) => (await withReason(reason))[0]?.reason;
  expect(await reasonOf('')).toBe('unspecified');
  expect(await reasonOf(',CACompromise')).toBe('cACompromise');
  expect(await reasonOf(',superseded')).toBe('superseded');
  expect(await reasonOf(',holdInstruction,1.2.840.10040.2.2')).toBe('unspecified');
  expect((await withReason(',keyTime,20250601120000Z'))[0]).toMatchObject({
    reason: 'keyCompromise',
    invalidityDate: new Date('2025-06-01T12:00:00Z'),
  });
  await expect(withReason(',weather')).rejects.toMatchObject({ code: 'authority/index-invalid' });
});

it.each([
  ['too few fields', 'V\t280418000000Z\t1000\tunknown\t/CN=x'],
  ['a state of its own', valid.replace('V', 'X')],
  ['a revocation on a valid line', valid.replace('\t\t', '\t260101120000Z\t')],
  ['no date of revocation', revoked.replace('260101120000Z,keyCompromise', '')],
  ['no serial number', valid.replace('1000', 'ten')],
  ['half an octet', valid.replace('1000', '100')],
  ['a month of its own', valid.replace('280418', '281318')],
  ['a serial number twice', `${valid}\n${valid}`],
])('names the line with %s', async (_what, line) => {
  await expect(readIndexFile(`${revoked}\n${line}\n`)).rejects.toMatchObject({
    code: 'authority/index-invalid',
    details: { line: line.includes('\n') ? 3 : 2 },
  });
});
