// What OpenSSL says of certificates and CRLs: it is the library inside every Mosquitto and most PLCs.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCrl } from '../../electron/authority/crl.ts';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { type IssuedLeaf, issueCertificate, type LeafProfile } from '../../electron/authority/leaf.ts';
import { type CreatedAuthority, createAuthority } from '../../electron/authority/root.ts';
import {
  authorityKeyAlgorithms,
  type LeafKeyAlgorithm,
  leafKeyAlgorithms,
  revocationReasons,
} from '../../shared/model/certificate.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const now = new Date();
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');
const device: LeafProfile = { kind: 'device', plantId };
const broker: LeafProfile = {
  kind: 'broker',
  commonName: 'mqtt.example.com',
  subjectAltNames: ['localhost', '127.0.0.1', '::ffff:1.2.3.4', 'fe80::1'],
};
const monitor: LeafProfile = { kind: 'console', commonName: 'voke-console' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voke-authority-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const file = async (content: string): Promise<string> => {
  const path = join(folder, `${++files}.pem`);
  await writeFile(path, content, { mode: 0o600 });
  return path;
};

const issue = (authority: CreatedAuthority, profile: LeafProfile, keyAlgorithm: LeafKeyAlgorithm) =>
  issueCertificate({ authority, profile, keyAlgorithm, now });

const verify = async (authority: CreatedAuthority, certificatePem: string, crlPem: string, ...more: string[]) => {
  const path = await file(certificatePem);
  const [ca, crl] = [await file(authority.certificatePem), await file(crlPem)];
  return run('openssl', ['verify', '-x509_strict', '-CAfile', ca, '-crl_check', '-CRLfile', crl, ...more, path]);
};

/** The extensions and the head of a certificate as text, without key and signature. */
const textOf = async (certificatePem: string) =>
  run('openssl', ['x509', '-noout', '-text', '-certopt', 'no_pubkey,no_sigdump', '-in', await file(certificatePem)]);

describeWith('openssl')('OpenSSL', () => {
  test.each(authorityKeyAlgorithms)('accepts all that a %s authority signs', async (keyAlgorithm) => {
    const authority = await createAuthority({ keyAlgorithm, now });
    const { crlPem } = authority.crl;
    const ca = await file(authority.certificatePem);
    expect(await run('openssl', ['verify', '-x509_strict', '-CAfile', ca, ca])).toMatch(/: OK\n$/);
    for (const leafAlgorithm of leafKeyAlgorithms) {
      const { certificatePem } = await issue(authority, device, leafAlgorithm);
      expect(await verify(authority, certificatePem, crlPem, '-purpose', 'sslclient')).toMatch(/: OK\n$/);
    }
    for (const leafAlgorithm of ['RSA-2048', 'EC-P256'] as const) {
      const { certificatePem } = await issue(authority, broker, leafAlgorithm);
      const found = ['-purpose', 'sslserver', '-verify_ip', 'fe80::1'];
      expect(await verify(authority, certificatePem, crlPem, ...found)).toMatch(/: OK\n$/);
    }
    const { certificatePem } = await issue(authority, monitor, 'EC-P256');
    expect(await verify(authority, certificatePem, crlPem, '-purpose', 'sslclient')).toMatch(/: OK\n$/);
  });

  test('refuses a certificate in the role of another kind, and under a name that it does not hold', async () => {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const [client, server] = [await issue(authority, device, 'EC-P256'), await issue(authority, broker, 'EC-P256')];
    const check = ({ certificatePem }: IssuedLeaf, ...more: string[]) =>
      verify(authority, certificatePem, authority.crl.crlPem, ...more);
    await expect(check(client, '-purpose', 'sslserver')).rejects.toThrow(/purpose/);
    await expect(check(server, '-purpose', 'sslclient')).rejects.toThrow(/purpose/);
    await expect(check(server, '-verify_hostname', 'example.com')).rejects.toThrow(/hostname mismatch/i);
    await expect(check(server, '-verify_ip', '10.0.0.1')).rejects.toThrow(/IP address mismatch/i);
  });

  test('reads a root as the profile has it', async () => {
    const { certificatePem } = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const text = await textOf(certificatePem);
    expect(text).toContain('Version: 3 (0x2)');
    expect(text).toContain('Subject: C = CZ, ST = Prague, O = CPI IoT Platform, CN = CPI Root CA');
    expect(text).toMatch(/Basic Constraints: critical\n\s+CA:TRUE\n/);
    expect(text).toMatch(/Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/);
    expect(text).toContain('X509v3 Subject Key Identifier');
    expect(text.match(/X509v3 \w.*:/g)).toHaveLength(3 + 1); // and the heading
  });

  test.each(['RSA-2048', 'EC-P256'] as const)('reads a device certificate (%s) as the profile has it', async (key) => {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P384', now });
    const issued = await issue(authority, device, key);
    const text = await textOf(issued.certificatePem);
    expect(text).toContain(`Subject: CN = ${plantId}\n`);
    expect(text).toMatch(/Basic Constraints: critical\n\s+CA:FALSE\n/);
    expect(text).toMatch(/Key Usage: critical\n\s+Digital Signature\n/);
    expect(text).toMatch(/Extended Key Usage: \n\s+TLS Web Client Authentication\n/);
    expect(text).toMatch(new RegExp(`Subject Alternative Name: \\n\\s+URI:urn:uuid:${plantId}\\n`));
    expect(authorityKeyIdentifierIn(text)).toBe(subjectKeyIdentifierIn(await textOf(authority.certificatePem)));
    expect(text).not.toContain('DirName');
    const facts = await run('openssl', ['x509', '-noout', '-serial', '-fingerprint', '-sha256'], issued.certificatePem);
    expect(facts).toContain(`serial=${issued.serialNumber.toUpperCase()}\n`);
    expect(facts).toContain(`Fingerprint=${issued.fingerprint}\n`);
  });

  test.each([
    ['RSA-2048', 'Digital Signature, Key Encipherment'],
    ['EC-P256', 'Digital Signature'],
  ] as const)('reads a broker certificate (%s) as the profile has it', async (key, usage) => {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const text = await textOf((await issue(authority, broker, key)).certificatePem);
    expect(text).toMatch(new RegExp(`Key Usage: critical\\n\\s+${usage}\\n`));
    expect(text).toMatch(/Extended Key Usage: \n\s+TLS Web Server Authentication\n/);
    expect(text).toContain(
      'DNS:mqtt.example.com, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:FFFF:102:304, IP Address:FE80:0:0:0:0:0:0:1',
    );
  });

  test.each(leafKeyAlgorithms)('finds a %s private key whole', async (keyAlgorithm) => {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const { privateKeyPem } = await issue(authority, device, keyAlgorithm);
    expect(await run('openssl', ['pkey', '-check', '-noout'], privateKeyPem)).toContain('Key is valid');
  });

  test('reads an empty CRL', async () => {
    const { crl } = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const text = await run('openssl', ['crl', '-noout', '-text'], crl.crlPem);
    expect(text).toContain('Version 2 (0x1)');
    expect(text).toContain('X509v3 Authority Key Identifier');
    expect(text).toMatch(/X509v3 CRL Number: \n\s+1\n/);
    expect(text).toContain('No Revoked Certificates.');
  });

  test('reads every reason, and refuses the certificate that is listed', async () => {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const leaves = await Promise.all(revocationReasons.map(() => issue(authority, device, 'EC-P256')));
    const entries = revocationReasons.map((reason, i) => ({
      serialNumber: leaves[i]?.serialNumber ?? '',
      revokedAt: now,
      reason,
      invalidityDate: i === 1 ? new Date('2024-02-29T12:00:00Z') : null,
    }));
    const { crlPem } = await buildCrl({ authority, entries, number: 300n, now });
    const text = await run('openssl', ['crl', '-noout', '-text'], crlPem);
    expect(text).toMatch(/X509v3 CRL Number: \n\s+300\n/);
    expect(text.match(/X509v3 CRL Reason Code: \n\s+(.+)/g)?.map((reason) => reason.split('\n')[1]?.trim())).toEqual([
      'Key Compromise',
      'CA Compromise',
      'Affiliation Changed',
      'Superseded',
      'Cessation Of Operation',
      'Certificate Hold',
      'Privilege Withdrawn',
      'AA Compromise',
    ]);
    expect(text.match(/Invalidity Date: \n\s+(.+)/g)).toEqual([expect.stringContaining('Feb 29 12:00:00 2024 GMT')]);
    for (const { certificatePem } of leaves) {
      await expect(verify(authority, certificatePem, crlPem)).rejects.toThrow(/certificate revoked/);
    }
    const { certificatePem } = await issue(authority, device, 'EC-P256');
    expect(await verify(authority, certificatePem, crlPem)).toMatch(/: OK\n$/);
  });

  test('takes a CRL for its own authority only, also where another has the same name', async () => {
    const [authority, other] = await Promise.all([
      createAuthority({ keyAlgorithm: 'EC-P256', now }),
      createAuthority({ keyAlgorithm: 'EC-P256', now }),
    ]);
    const { certificatePem } = await issue(other, device, 'EC-P256');
    expect(await verify(other, certificatePem, other.crl.crlPem)).toMatch(/: OK\n$/);
    await expect(verify(other, certificatePem, authority.crl.crlPem)).rejects.toThrow(/CRL/);
  });

  test('reads an authority and a CRL of its own making the same way as the console does', async () => {
    const key = join(folder, 'foreign.key');
    const subject = '/C=CZ/O=Cizí, a.s./CN=Foreign Root';
    const certificatePem = await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-keyout', key, '-utf8', '-subj', subject, '-days', '3650'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ]);
    const privateKeyPem = await run('openssl', ['pkey', '-in', key]);
    const issued = await issueCertificate({
      authority: { certificatePem, privateKeyPem },
      profile: device,
      now: new Date(now.getTime() + 1000),
    });
    const { crlPem } = await buildCrl({ authority: { certificatePem, privateKeyPem }, entries: [], number: 1n, now });
    expect(inspectCrl(crlPem).issuer).toBe('/C=CZ/O=Cizí\\, a.s./CN=Foreign Root');
    const [ca, crl, leaf] = [await file(certificatePem), await file(crlPem), await file(issued.certificatePem)];
    expect(
      await run('openssl', ['verify', '-x509_strict', '-CAfile', ca, '-crl_check', '-CRLfile', crl, leaf]),
    ).toMatch(/: OK\n$/);
  });
});

const subjectKeyIdentifierIn = (text: string) => /Subject Key Identifier: \n\s+([0-9A-F:]+)\n/.exec(text)?.[1];
const authorityKeyIdentifierIn = (text: string) => /Authority Key Identifier: \n\s+([0-9A-F:]+)\n/.exec(text)?.[1];
