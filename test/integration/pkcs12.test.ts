// PKCS#12 files of ours, read by programs that know nothing of us.

import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { issueCertificate } from '../../electron/authority/leaf.ts';
import { type Pkcs12Form, writePkcs12 } from '../../electron/authority/pkcs12/write.ts';
import { type CreatedAuthority, createAuthority } from '../../electron/authority/root.ts';
import { type LeafKeyAlgorithm, leafKeyAlgorithms } from '../../shared/model/certificate.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { describeWith } from '../support/requirements.ts';

const run = promisify(execFile);

const password = 'correct horse battery';
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');

let authority: CreatedAuthority;
beforeAll(async () => {
  authority = await createAuthority({ keyAlgorithm: 'EC-P256', subject: '/CN=Test Root', now: new Date() });
});

async function written(form: Pkcs12Form, keyAlgorithm: LeafKeyAlgorithm) {
  const leaf = await issueCertificate({
    authority,
    profile: { kind: 'device', plantId },
    keyAlgorithm,
    now: new Date(),
  });
  const contents = { ...leaf, chainPems: [authority.certificatePem], name: 'Čerpadlo 4' };
  const folder = await mkdtemp(join(tmpdir(), 'voke-p12-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plant.p12');
  await writeFile(file, await writePkcs12(contents, password, form));
  return { file, leaf, folder };
}

const forms = ['modern', 'compatible'] as const;
const each = forms.flatMap((form) => leafKeyAlgorithms.map((keyAlgorithm) => ({ form, keyAlgorithm })));

describeWith('openssl')('openssl', () => {
  const read = (file: string, given: string, ...options: string[]) =>
    run('openssl', ['pkcs12', '-in', file, '-passin', `pass:${given}`, '-nodes', ...options]);

  it.each(each)('reads the $form form with a key of $keyAlgorithm', async ({ form, keyAlgorithm }) => {
    const { file, leaf } = await written(form, keyAlgorithm);
    const options = form === 'compatible' ? ['-legacy'] : [];
    const { stdout, stderr } = await read(file, password, '-info', ...options);
    const certificates = stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    expect(certificates).toEqual([leaf.certificatePem, authority.certificatePem]);
    const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(stdout)?.[0] ?? '';
    expect(key).toBe(leaf.privateKeyPem);
    expect(stdout.match(/localKeyID/g)).toHaveLength(2);
    expect(stderr).toMatch(
      form === 'modern'
        ? /MAC: sha256, Iteration 100000\n[\s\S]*PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/
        : /MAC: sha1, Iteration 2048\n[\s\S]*pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048/,
    );
  });

  it('refuses another password', async () => {
    const { file } = await written('modern', 'EC-P256');
    await expect(read(file, 'wrong')).rejects.toThrow(/invalid password/);
  });
});

describeWith('certtool')('GnuTLS', () => {
  it.each(each)('reads the $form form with a key of $keyAlgorithm', async ({ form, keyAlgorithm }) => {
    const { file, leaf } = await written(form, keyAlgorithm);
    const { stdout } = await run('certtool', ['--p12-info', '--inder', '--infile', file, '--password', password]);
    const certificates = stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    expect(certificates.map((pem) => new X509Certificate(pem).fingerprint256)).toContain(leaf.fingerprint);
    expect(stdout).toMatch(/BEGIN (?:ENCRYPTED )?PRIVATE KEY/);
  });
});
