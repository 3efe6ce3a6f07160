// Requests are made by OpenSSL, as devices make them.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readCertificateRequest } from '../../../electron/authority/certificate-request.ts';
import { lintCertificate } from '../../../electron/authority/lint/certificate.ts';
import { run } from '../../support/processes.ts';
import { describeWith } from '../../support/requirements.ts';

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const rsa = (bits: number) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];

describeWith('openssl')('a certificate request', () => {
  async function request(key: readonly string[], extra: readonly string[] = [], config = ''): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'voke-request-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [keyFile, configFile, out] = ['key', 'conf', 'csr'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await run('openssl', ['genpkey', ...key, '-out', keyFile]);
    await writeFile(configFile, `[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = plc\n${config}`);
    await run('openssl', ['req', '-new', '-config', configFile, '-key', keyFile, '-out', out, ...extra]);
    return readFile(out, 'utf8');
  }

  it.each([
    ['EC-P256', curve('P-256'), '-sha256'],
    ['EC-P384', curve('P-384'), '-sha384'],
    ['RSA-2048', rsa(2048), '-sha256'],
    ['RSA-3072', rsa(3072), '-sha512'],
    ['Ed25519', ['-algorithm', 'ED25519'], '-sha256'],
  ] as const)('of a key of %s is read', async (keyAlgorithm, key, digest) => {
    const text = await request(key, [digest]);
    const read = await readCertificateRequest(`Certificate Request:\n    Data:\n${text}`);
    expect(read).toMatchObject({ keyAlgorithm, subject: '/CN=plc', wishes: [] });
    expect(
      (
        await readCertificateRequest(
          text.replaceAll('BEGIN CERT', 'BEGIN NEW CERT').replaceAll('END CERT', 'END NEW CERT'),
        )
      ).publicKey,
    ).toEqual(read.publicKey);
  });

  it.each([
    ['too short', rsa(1024)],
    ['of another size', rsa(2560)],
    ['on another curve', curve('secp256k1')],
    ['of another kind', ['-algorithm', 'ED448']],
  ])('of a key %s is refused', async (_what, key) => {
    await expect(readCertificateRequest(await request(key))).rejects.toMatchObject({ code: 'authority/weak-key' });
  });

  it('tells what it wishes for', async () => {
    const config = `[wishes]
basicConstraints = critical, CA:FALSE
keyUsage = keyCertSign
subjectAltName = DNS:mqtt.example.com
1.3.6.1.4.1.99999.1 = DER:0500
`;
    const text = await request(curve('P-256'), ['-reqexts', 'wishes'], config);
    expect((await readCertificateRequest(text)).wishes).toEqual([
      'basicConstraints',
      'keyUsage',
      'subjectAltName',
      '1.3.6.1.4.1.99999.1',
    ]);
  });

  it('for the certificate of an authority is refused', async () => {
    const config = '[wishes]\nbasicConstraints = CA:TRUE\n';
    await expect(
      readCertificateRequest(await request(curve('P-256'), ['-reqexts', 'wishes'], config)),
    ).rejects.toMatchObject({ code: 'authority/request-for-authority' });
  });

  it.each([
    ['SHA-1 with ECDSA', curve('P-256'), ['-sha1']],
    ['SHA-1 with RSA', rsa(2048), ['-sha1']],
    ['RSA-PSS', rsa(2048), ['-sha256', '-sigopt', 'rsa_padding_mode:pss']],
  ])('that is signed by %s is told so, and not that it was altered', async (name, key, options) => {
    await expect(readCertificateRequest(await request(key, options))).rejects.toMatchObject({
      code: 'authority/request-algorithm',
      because: expect.stringContaining(name) as string,
    });
  });

  it('of a key whose curve is spelled out is refused, and such a certificate found by the checklist', async () => {
    const spelledOut = [...curve('P-256'), '-pkeyopt', 'ec_param_enc:explicit'];
    await expect(readCertificateRequest(await request(spelledOut))).rejects.toMatchObject({
      code: 'authority/weak-key',
      because: expect.stringContaining('named curve') as string,
    });
    const certificate = await request(spelledOut, ['-x509', '-days', '1']);
    const findings = lintCertificate(certificate, { kind: 'authority' });
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'public-key', problem: expect.stringContaining('RFC 5480') as string }),
    );
  });

  it('must be signed by its own key', async () => {
    const text = await request(curve('P-256'));
    const der = Buffer.from(text.replaceAll(/-----.*-----|\s/g, ''), 'base64');
    let read = 0;
    for (let at = 0; at < der.length; at += 1) {
      const damaged = Buffer.from(der);
      damaged[at] = (damaged[at] ?? 0) ^ 0x01;
      const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${damaged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      await readCertificateRequest(pem).then(
        () => (read += 1),
        ({ code }) =>
          expect([
            'offline/request-unreadable',
            'authority/request-not-proven',
            'authority/request-algorithm',
            'authority/weak-key',
          ]).toContain(code),
      );
    }
    expect(read).toBe(0);
  });

  it.each(['', 'nothing', '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----'])(
    'is none: %j',
    async (text) => {
      await expect(readCertificateRequest(text)).rejects.toMatchObject({ code: 'offline/request-unreadable' });
    },
  );
});
