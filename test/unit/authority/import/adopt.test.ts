// Several CRLs of one authority, in any order: what any of them revokes is revoked, and no number is given out twice.

import { beforeAll, describe, expect, it } from 'vitest';
import { buildCrl } from '../../../../electron/authority/crl.ts';
import type { RevokedCertificate } from '../../../../electron/authority/crl-entries.ts';
import { adoptAuthority } from '../../../../electron/authority/import/adopt.ts';
import type { ImportFile } from '../../../../electron/authority/import/material.ts';
import { inspectCrl } from '../../../../electron/authority/inspect.ts';
import type { CreatedAuthority } from '../../../../electron/authority/root.ts';
import { ecAuthority, now } from '../authorities.ts';

const file = (name: string, content: string): ImportFile => ({ name, content: Buffer.from(content) });
const hours = (count: number) => new Date(now.getTime() + count * 60 * 60 * 1000);
const revoked = (serialNumber: string, more: Partial<RevokedCertificate> = {}): RevokedCertificate => ({
  serialNumber,
  revokedAt: now,
  reason: 'keyCompromise',
  ...more,
});

describe('CRLs of one authority', () => {
  let authority: CreatedAuthority;
  beforeAll(async () => {
    authority = await ecAuthority();
  });
  const crl = async (number: number, at: Date, ...entries: RevokedCertificate[]) =>
    (await buildCrl({ authority, entries, number: BigInt(number), now: at })).crlPem;
  const adopt = (...crls: string[]) =>
    adoptAuthority([
      file('ca.crt', authority.certificatePem),
      file('ca.key', authority.privateKeyPem),
      ...crls.map((text, index) => file(`${index}.crl`, text)),
    ]);

  it('are united, whichever of them says that it is the newer', async () => {
    // The console backdates its own by a day, so that of the site looks newer and is not.
    const site = await crl(1, hours(10), revoked('41'));
    const console = await crl(2, now, revoked('42'));
    for (const crls of [
      [site, console],
      [console, site],
    ]) {
      const read = await adopt(...crls);
      expect([...read.revocations.keys()].toSorted()).toEqual(['41', '42']);
      expect(read.lastCrlNumber).toBe(2n);
      expect(read.lastThisUpdate).toEqual(inspectCrl(site).thisUpdate);
    }
  });

  it('are counted on from the greatest number, not from the latest', async () => {
    expect((await adopt(await crl(100, now), await crl(5, hours(1)))).lastCrlNumber).toBe(100n);
  });

  it('say together why, and since when', async () => {
    const vague = revoked('41', { reason: 'unspecified' });
    const since = hours(-100);
    const exact = revoked('41', { reason: 'privilegeWithdrawn', invalidityDate: since });
    const read = await adopt(await crl(1, now, exact), await crl(2, now, vague));
    expect([...read.revocations.values()]).toMatchObject([
      { reason: 'privilegeWithdrawn', invalidityDate: new Date(Math.floor(since.getTime() / 1000) * 1000) },
    ]);
  });

  it('are all checked: an older one of another authority is refused by its name', async () => {
    const stranger = await ecAuthority({ subject: '/CN=Another', at: hours(-48) });
    await expect(adopt(await crl(2, now), stranger.crl.crlPem)).rejects.toMatchObject({
      code: 'authority/import-mismatch',
      because: expect.stringMatching(/^1\.crl: the CRL is of another authority/) as string,
    });
  });
});
