import { beforeAll, expect, it } from 'vitest';
import { buildCrl } from '../../../../electron/authority/crl.ts';
import { header, tag, tlv } from '../../../../electron/authority/der.ts';
import { collectMaterial } from '../../../../electron/authority/import/material.ts';
import { fromLongPem } from '../../../../electron/authority/pem.ts';
import type { CreatedAuthority } from '../../../../electron/authority/root.ts';
import { ecAuthority } from '../authorities.ts';

const collect = (name: string, content: Buffer) => collectMaterial([{ name, content }], undefined);

let authority: CreatedAuthority;
let longCrl: string;

beforeAll(async () => {
  authority = await ecAuthority();
  const now = new Date('2031-05-06T07:08:09Z');
  const entries = Array.from({ length: 30_000 }, (_, index) => ({
    serialNumber: (0x100000 + index).toString(16),
    revokedAt: now,
    reason: 'superseded' as const,
  }));
  longCrl = (await buildCrl({ authority, entries, number: 2n, now })).crlPem;
});

it('takes a CRL of a megabyte, in PEM or DER, as it was', async () => {
  const der = await fromLongPem('X509 CRL', longCrl);
  expect(der.length).toBeGreaterThan(1_048_576);
  for (const content of [Buffer.from(longCrl), der]) {
    const { crls, leftOut } = await collect('ca.crl', content);
    expect(crls.map(({ text }) => text === longCrl)).toEqual([true]);
    expect(leftOut).toEqual([]);
  }
});

it.each<[string, () => Buffer]>([
  ['a sequence of millions of fields', () => tlv(tag.sequence, Buffer.alloc(3_000_000, Buffer.of(tag.null, 0)))],
  [
    'one that only says how long it is',
    () => Buffer.concat([header(tag.sequence, 3_000_000), Buffer.alloc(3_000_000)]),
  ],
])('leaves out %s', async (_what, content) => {
  const { certificates, crls, leftOut } = await collect('ca.crt', content());
  expect([certificates, crls, leftOut.length]).toEqual([[], [], 1]);
});

it('says once what a file holds, however often', async () => {
  const block = '-----BEGIN DH PARAMETERS-----\nAAEC\n-----END DH PARAMETERS-----\n';
  const { leftOut } = await collect('dh.pem', Buffer.from(block.repeat(1_000)));
  expect(leftOut).toEqual([{ name: 'dh.pem', because: 'it holds DH PARAMETERS' }]);
});
