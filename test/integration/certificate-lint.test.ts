// What others make, by openssl's own hand: each fault is named by its rule, and nothing else is.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lintCertificate } from '../../electron/authority/lint/certificate.ts';
import { lintCrl } from '../../electron/authority/lint/crl.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const root = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'keyUsage=critical,digitalSignature'];
const plant = '/CN=a1b2c3d4-0000-0000-0000-000000000001';
const urn = 'subjectAltName=URI:urn:uuid:a1b2c3d4-0000-0000-0000-000000000001';

describeWith('openssl')('the checklist', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-lint-'));
    // Without the defaults of a distribution, which add extensions of their own.
    await writeFile(join(folder, 'req.cnf'), '[req]\ndistinguished_name = name\n[name]\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const selfSigned = async (subject: string, options: readonly string[], newKey = ['-newkey', 'rsa:2048']) => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'crt.pem')];
    await run('openssl', [
      ...['req', '-x509', '-config', join(folder, 'req.cnf'), ...newKey, '-nodes', '-keyout', key, '-out', certificate],
      ...['-subj', subject, '-days', '10', ...options],
    ]);
    return readFile(certificate, 'utf8');
  };
  const rulesOf = (findings: ReturnType<typeof lintCertificate>) => findings.map(({ rule }) => rule);

  it.each([
    ['is as it should be', [...root, '-addext', 'basicConstraints=critical,CA:TRUE'], []],
    ['is no authority', [...root, '-addext', 'basicConstraints=critical,CA:FALSE'], ['basic-constraints']],
    ['has constraints that are not critical', [...root, '-addext', 'basicConstraints=CA:TRUE'], ['basic-constraints']],
    [
      'leaves no room for a rollover',
      [...root, '-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
      ['path-length'],
    ],
    ['may not sign', ['-addext', 'basicConstraints=critical,CA:TRUE'], ['key-usage']],
    [
      'may do everything',
      [
        ...['-addext', 'keyUsage=digitalSignature,keyCertSign,cRLSign'],
        ...['-addext', 'basicConstraints=critical,CA:TRUE'],
      ],
      ['key-usage-of-a-root'],
    ],
    [
      'has a short serial number',
      [...root, '-addext', 'basicConstraints=critical,CA:TRUE', '-set_serial', '1'],
      ['serial-number-entropy'],
    ],
    [
      'is signed with SHA-1',
      [...root, '-addext', 'basicConstraints=critical,CA:TRUE', '-sha1'],
      ['signature-algorithm'],
    ],
  ])('knows a root that %s', async (_what, options, expected) => {
    expect(rulesOf(lintCertificate(await selfSigned('/CN=Root', options), { kind: 'authority' }))).toEqual(expected);
  });

  it('knows weak and strange keys', async () => {
    const options = [...root, '-addext', 'basicConstraints=critical,CA:TRUE'];
    const curve = (name: string) => ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${name}`];
    for (const [newKey, expected] of [
      [['-newkey', 'rsa:1024'], ['public-key']],
      [curve('secp256k1'), ['public-key']],
      [curve('P-521'), []],
      [['-newkey', 'ed25519'], []],
    ] as const) {
      const pem = await selfSigned('/CN=Root', options, [...newKey]);
      expect(rulesOf(lintCertificate(pem, { kind: 'authority' }))).toEqual(expected);
    }
  });

  it.each([
    ['is as it should be', plant, [...leaf, '-addext', 'extendedKeyUsage=clientAuth', '-addext', urn], []],
    [
      'is for servers',
      plant,
      [...leaf, '-addext', 'extendedKeyUsage=serverAuth', '-addext', urn],
      ['extended-key-usage'],
    ],
    [
      'is for everything',
      plant,
      [...leaf, '-addext', 'extendedKeyUsage=serverAuth,clientAuth', '-addext', urn],
      ['extended-key-usage-present'],
    ],
    [
      'could issue others',
      plant,
      [
        ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'],
        ...['-addext', 'extendedKeyUsage=clientAuth', '-addext', urn],
      ],
      ['basic-constraints', 'key-usage'],
    ],
    ['has a name that no ACL fits', '/CN=PLC 7', [...leaf, '-addext', 'extendedKeyUsage=clientAuth'], ['common-name']],
    [
      'has no extensions at all',
      plant,
      [],
      ['version', 'key-usage-present', 'extended-key-usage-present', 'subject-alt-name-urn'],
    ],
    [
      'asks for what no client knows',
      plant,
      [...leaf, '-addext', 'extendedKeyUsage=clientAuth', '-addext', urn, '-addext', '1.2.3.4=critical,DER:0500'],
      ['extensions'],
    ],
  ])("knows a plant's certificate that %s", async (_what, subject, options, expected) => {
    expect(rulesOf(lintCertificate(await selfSigned(subject, options), { kind: 'client' }))).toEqual(expected);
  });

  it.each([
    ['names no host', [], ['subject-alt-name']],
    ['writes an address as a name', ['-addext', 'subjectAltName=DNS:10.0.0.7'], ['subject-alt-name-address']],
    ['is as it should be', ['-addext', 'subjectAltName=DNS:broker,IP:10.0.0.7'], []],
  ])("knows a broker's certificate that %s", async (_what, options, expected) => {
    const pem = await selfSigned('/CN=broker', [...leaf, '-addext', 'extendedKeyUsage=serverAuth', ...options]);
    expect(rulesOf(lintCertificate(pem, { kind: 'server' }))).toEqual(expected);
  });

  it('holds a certificate against its issuer', async () => {
    const [ours, theirs] = await Promise.all([OpensslPki.create('Ours'), OpensslPki.create('Theirs')]);
    try {
      const { certificatePem } = await ours.issueDevice('a1b2c3d4-0000-0000-0000-000000000001');
      const against = async (pki: OpensslPki) =>
        rulesOf(lintCertificate(certificatePem, { kind: 'client', issuerPem: await pki.certificatePem() })).filter(
          (rule) => !rule.endsWith('-present') && rule !== 'subject-alt-name-urn' && rule !== 'serial-number-entropy',
        );
      expect(await against(ours)).toEqual([]);
      expect(await against(theirs)).toEqual(['signature', 'issuer', 'authority-key-identifier']);
      const ownCrl = await lintCrl(await ours.crlPem(), { issuerPem: await ours.certificatePem() });
      expect(rulesOf(ownCrl)).toEqual([]);
      const strange = await lintCrl(await ours.crlPem(), { issuerPem: await theirs.certificatePem() });
      expect(rulesOf(strange)).toEqual(['crl-signature', 'crl-issuer']);
    } finally {
      await Promise.all([ours.remove(), theirs.remove()]);
    }
  });

  it("knows what is wrong with a CRL of openssl's defaults", async () => {
    const config = join(folder, 'crl.cnf');
    const [key, certificate, crl] = ['ca.key', 'ca.crt', 'ca.crl'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(join(folder, 'index.txt'), '');
    await writeFile(
      config,
      `[ca]\ndefault_ca = test\n[test]\ndatabase = ${folder}/index.txt\ndefault_md = sha256\ndefault_crl_days = 30\n`,
    );
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-subj', '/CN=Root'],
    ]);
    await run('openssl', [...['ca', '-config', config, '-gencrl', '-keyfile', key, '-cert', certificate, '-out', crl]]);
    const findings = await lintCrl(await readFile(crl, 'utf8'), { issuerPem: await readFile(certificate, 'utf8') });
    expect(rulesOf(findings)).toEqual(['crl-version', 'crl-authority-key-identifier', 'crl-number']);
  });
});
