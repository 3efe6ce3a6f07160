// Everything that the console made in a change of authority, by its own checklist and by what others say: OpenSSL, GnuTLS.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCrl } from '../../electron/authority/crl.ts';
import { crossCertify } from '../../electron/authority/cross.ts';
import { issueCertificate } from '../../electron/authority/leaf.ts';
import { lintCertificate } from '../../electron/authority/lint/certificate.ts';
import { createAuthority } from '../../electron/authority/root.ts';
import { joinPems } from '../../electron/platform/pem-blocks.ts';
import { type AuthorityKeyAlgorithm, authorityKeyAlgorithms } from '../../shared/model/certificate.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { startCommissioned } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voke-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const file = async (...pems: string[]): Promise<string> => {
  const path = join(folder, `${++files}.pem`);
  await writeFile(path, joinPems(pems), { mode: 0o600 });
  return path;
};
const outcome = (program: Promise<string>) =>
  program.then(
    () => 'accepted',
    () => 'refused',
  );

it('finds nothing wrong with what a whole change of authority issued, and says so of each certificate', async () => {
  const console = await startCommissioned();
  try {
    const { client } = console;
    const brokerId = await addLocalBroker(console, { kind: 'practice' });
    const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'MTLS' });
    await client.plants.provision({ plantId, brokerId });
    await endOf(console, await client.brokers.push({ brokerId }));
    await client.rollover.start({ keyAlgorithm: 'RSA-3072' });
    await endOf(console, await client.brokers.push({ brokerId }));
    await client.rollover.issue({ insist: true });
    await endOf(console, await client.rollover.renewPlants());
    await endOf(console, await client.brokers.push({ brokerId }));
    const { total, items } = await client.authority.listCertificates({});
    // Two roots, each with a CRL and a cross-certificate.
    expect(await client.authority.check()).toEqual({ checked: total + 6, faulty: 0, faults: [] });
    const kinds = new Set(items.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['device', 'broker', 'console', 'probe']));
    const [first] = items;
    if (!first) throw new Error('no certificate');
    const detail = await client.authority.certificate(first);
    expect(detail).toMatchObject({ certificate: first, issuer: expect.stringContaining('Test Root'), findings: [] });
    await expect(client.authority.certificate({ serialNumber: 'ff' })).rejects.toMatchObject({
      code: 'authority/certificate-not-found',
    });
  } finally {
    await console.dispose();
  }
});

const now = new Date();
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');

/** Two authorities that certify each other, and a plant's certificate and a revoked one by each. */
async function pairOf(keyAlgorithm: AuthorityKeyAlgorithm) {
  const made = await Promise.all(
    ['Old', 'New'].map((name) => createAuthority({ subject: `/O=Test/CN=${name}`, keyAlgorithm, now })),
  );
  const [old, young] = made;
  if (!old || !young) throw new Error('no authorities');
  const [newWithOld, oldWithNew] = [
    await crossCertify(old, young.certificatePem),
    await crossCertify(young, old.certificatePem),
  ];
  if (!newWithOld || !oldWithNew) throw new Error('no cross-certificates');
  const issue = (authority: typeof old) =>
    issueCertificate({ authority, profile: { kind: 'device', plantId }, keyAlgorithm: 'EC-P256', now });
  const withLeaves = async (authority: typeof old) => {
    const [good, revoked] = [await issue(authority), await issue(authority)];
    const entries = [
      {
        serialNumber: revoked.serialNumber,
        revokedAt: now,
        reason: 'keyCompromise' as const,
        invalidityDate: new Date('2026-01-02T03:04:05Z'),
      },
    ];
    const { crlPem } = await buildCrl({ authority, entries, number: 2n, now });
    return { ...authority, good, revoked, crlPem };
  };
  return { old: await withLeaves(old), young: await withLeaves(young), newWithOld, oldWithNew };
}

describeWith('openssl', 'certtool')('while two authorities are trusted', () => {
  it.each(authorityKeyAlgorithms)('OpenSSL and GnuTLS judge alike what %s authorities signed', async (keyAlgorithm) => {
    const { old, young, newWithOld, oldWithNew } = await pairOf(keyAlgorithm);
    const both = await file(old.certificatePem, young.certificatePem);
    const crls = await file(old.crlPem, young.crlPem);
    const byOpenssl = async (leaf: string, authorities: string, ...untrusted: string[]) => {
      const between = untrusted.length > 0 ? ['-untrusted', await file(...untrusted)] : [];
      const check = ['-x509_strict', '-crl_check', '-CAfile', authorities, '-CRLfile', crls];
      return outcome(run('openssl', ['verify', ...check, ...between, await file(leaf)]));
    };
    const byGnutls = async (leaf: string, authorities: string, ...untrusted: string[]) => {
      const chain = await file(leaf, ...untrusted);
      const lists = ['--load-ca-certificate', authorities, '--load-crl', crls];
      return outcome(run('certtool', ['--verify', ...lists, '--infile', chain, '--verify-profile', 'medium']));
    };
    for (const verify of [byOpenssl, byGnutls]) {
      for (const { good, revoked } of [old, young]) {
        expect(await verify(good.certificatePem, both)).toBe('accepted');
        expect(await verify(revoked.certificatePem, both)).toBe('refused');
      }
      // Who trusts one only believes the other by its cross-certificate, and without it does not.
      const [oldOnly, youngOnly] = [await file(old.certificatePem), await file(young.certificatePem)];
      expect(await verify(young.good.certificatePem, oldOnly)).toBe('refused');
      expect(await verify(young.good.certificatePem, oldOnly, newWithOld)).toBe('accepted');
      expect(await verify(old.good.certificatePem, youngOnly, oldWithNew)).toBe('accepted');
    }
    expect(lintCertificate(newWithOld, { kind: 'authority', issuerPem: old.certificatePem })).toEqual([]);
    expect(lintCertificate(oldWithNew, { kind: 'authority', issuerPem: young.certificatePem })).toEqual([]);
  });

  it('GnuTLS reads certificate and CRL the way the console wrote them', async () => {
    const { old } = await pairOf('EC-P384');
    const certificate = await run('certtool', ['--certificate-info', '--infile', await file(old.good.certificatePem)]);
    expect(certificate).toMatch(/Basic Constraints \(critical\):\s+Certificate Authority \(CA\): FALSE/);
    expect(certificate).toMatch(/Key Usage \(critical\):\s+Digital signature\./);
    expect(certificate).toContain('TLS WWW Client.');
    expect(certificate).toContain(`URI: urn:uuid:${plantId}`);
    const crl = await run('certtool', ['--crl-info', '--infile', await file(old.crlPem)]);
    expect(crl).toContain('Version: 2');
    expect(crl).toMatch(/CRL Number \(not critical\): 02/);
    expect(crl).toContain('Revoked certificates (1):');
    expect(crl.toLowerCase()).toContain(`serial number (hex): ${old.revoked.serialNumber}`);
    expect(
      await run('certtool', [
        '--verify-crl',
        '--load-ca-certificate',
        await file(old.certificatePem),
        '--infile',
        await file(old.crlPem),
      ]),
    ).toContain('Verified');
  });

  it('leaves the cross-certificate out that nobody could follow', async () => {
    const [conf, key] = [join(folder, 'req.cnf'), join(folder, 'tight.key')];
    await writeFile(conf, '[req]\ndistinguished_name = name\n[name]\n');
    const tight = await run('openssl', [
      ...['req', '-x509', '-config', conf, '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=Tight'],
      ...['-days', '3650', '-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ]);
    const privateKeyPem = await run('openssl', ['pkey', '-in', key]);
    const next = await createAuthority({ subject: '/CN=Next', keyAlgorithm: 'EC-P256', now });
    expect(await crossCertify({ certificatePem: tight, privateKeyPem }, next.certificatePem)).toBeUndefined();
    expect(await crossCertify(next, tight)).toContain('BEGIN CERTIFICATE');
  });
});
