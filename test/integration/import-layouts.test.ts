// An authority in the forms that other programs leave it in: PKCS#12 new and old, the `pki/` of easy-rsa as it makes it
// itself, and what XCA exports.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adoptAuthority } from '../../electron/authority/import/adopt.ts';
import type { ImportFile } from '../../electron/authority/import/material.ts';
import { filesBelow } from '../support/import-files.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const password = 'open sesame';
const plants = ['a1b2c3d4-0000-0000-0000-000000000001', 'a1b2c3d5-0000-0000-0000-000000000002'] as const;
const easyRsa = '/usr/share/easy-rsa/easyrsa';

const file = (name: string, content: string | Buffer): ImportFile => ({ name, content: Buffer.from(content) });
const locked = { code: 'authority/key-locked' };

describeWith('openssl')('an authority in PKCS#12', () => {
  let pki: OpensslPki;
  const path = (name: string) => join(pki.directory, name);
  beforeAll(async () => {
    pki = await OpensslPki.create();
    await writeFile(path('rsa.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-subj', '/CN=RSA root', '-days', '30'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', path('rsa.key'), '-out', path('rsa.crt')],
    ]);
  });
  afterAll(() => pki.remove());

  const exported = async (name: string, options: readonly string[]) => {
    await run('openssl', [
      ...['pkcs12', '-export', '-inkey', path(`${name}.key`), '-in', path(`${name}.crt`), '-name', 'Čerpadlo'],
      ...['-passout', `pass:${password}`, '-out', path('out.p12'), ...options],
    ]);
    return file('authority.p12', await readFile(path('out.p12')));
  };

  it.each([
    ['as openssl writes it today', []],
    ['with AES-128 and a MAC of SHA-512', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512']],
    ['with a hundred thousand rounds', ['-iter', '100000']],
    ['as openssl wrote it, with RC2 of 40 bits', ['-legacy']],
    ['with triple DES throughout', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['with the keys of two DES', ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128']],
    ['without a MAC', ['-nomac']],
    ['with its certificate in the clear', ['-certpbe', 'NONE']],
  ])('%s', async (_how, options) => {
    for (const [name, keyAlgorithm] of [
      ['ca', 'EC-P256'],
      ['rsa', 'RSA-3072'],
    ] as const) {
      const p12 = await exported(name, options);
      expect(await adoptAuthority([p12], password)).toMatchObject({ keyAlgorithm, lastCrlNumber: 0n, issued: [] });
      await expect(adoptAuthority([p12], 'open barley')).rejects.toMatchObject(locked);
      await expect(adoptAuthority([p12])).rejects.toMatchObject(locked);
    }
  });

  it.each([
    ['AES-256 as openssl does it', ['-topk8', '-v2', 'aes-256-cbc']],
    ['a hundred thousand rounds', ['-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '100000']],
    ['triple DES of PKCS#12', ['-topk8', '-v1', 'PBE-SHA1-3DES']],
    ['scrypt', ['-topk8', '-scrypt']],
  ])('with its key beside it in PKCS#8 under %s', async (_how, options) => {
    await run('openssl', [
      'pkcs8',
      '-in',
      path('rsa.key'),
      '-passout',
      `pass:${password}`,
      '-out',
      path('out.key'),
      ...options,
    ]);
    const files = [file('a.key', await readFile(path('out.key'))), file('a.crt', await readFile(path('rsa.crt')))];
    expect(await adoptAuthority(files, password)).toMatchObject({ keyAlgorithm: 'RSA-3072' });
    await expect(adoptAuthority(files, 'open barley')).rejects.toMatchObject(locked);
  });

  it('with its key beside it under a passphrase in the form of old openssl', async () => {
    await run('openssl', [
      ...[
        'rsa',
        '-in',
        path('rsa.key'),
        '-traditional',
        '-aes256',
        '-passout',
        `pass:${password}`,
        '-out',
        path('out.key'),
      ],
    ]);
    const files = [file('a.key', await readFile(path('out.key'))), file('a.crt', await readFile(path('rsa.crt')))];
    expect(await adoptAuthority(files, password)).toMatchObject({ keyAlgorithm: 'RSA-3072' });
    await expect(adoptAuthority(files)).rejects.toMatchObject(locked);
  });

  it('brings nothing when it is damaged', async () => {
    const { content } = await exported('ca', []);
    for (const at of [5, 40, content.length - 60]) {
      const damaged = Buffer.from(content);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      await expect(adoptAuthority([file('authority.p12', damaged)], password)).rejects.toMatchObject({
        code: expect.stringMatching(/^authority\/(key-locked|import-incomplete)$/) as string,
      });
    }
  });
});

describeWith(easyRsa, 'openssl')('an authority of easy-rsa', () => {
  let directory: string;
  let files: ImportFile[];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-easy-rsa-'));
    const pki = join(directory, 'pki');
    const easyrsa = (...args: string[]) =>
      run('env', [
        'EASYRSA_BATCH=1',
        `EASYRSA_PKI=${pki}`,
        `EASYRSA_PASSOUT=pass:${password}`,
        `EASYRSA_PASSIN=pass:${password}`,
        easyRsa,
        ...args,
      ]);
    await easyrsa('init-pki');
    await easyrsa('build-ca');
    for (const plant of plants) await easyrsa('build-client-full', plant, 'nopass');
    await easyrsa('build-server-full', 'broker');
    await easyrsa('revoke', plants[1], 'superseded');
    await easyrsa('gen-crl');
    files = (await filesBelow(pki)).map(({ name, content }) => file(name, Buffer.from(content, 'base64')));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is read whole, also what it moved away as revoked', async () => {
    const read = await adoptAuthority(files, password);
    expect(read.keyAlgorithm).toBe('RSA-2048');
    expect(
      read.issued
        .map(({ certificate, privateKeyPem }) => [certificate.subject, privateKeyPem !== undefined])
        .toSorted(),
    ).toEqual([
      [`/CN=${plants[0]}`, true],
      [`/CN=${plants[1]}`, true],
      ['/CN=broker', true],
    ]);
    expect([...read.revocations.values()].map(({ reason }) => reason)).toEqual(['superseded']);
    expect(read.register).toEqual([]);
    expect(read.nextSerial).toMatch(/^[0-9A-F]{32}$/);
    await expect(adoptAuthority(files)).rejects.toMatchObject(locked);
  });

  it('does without the keys that another passphrase guards', async () => {
    const other = (await OpensslPki.create()).directory;
    await run('openssl', [
      'genpkey',
      '-algorithm',
      'RSA',
      '-aes256',
      '-pass',
      'pass:other',
      '-out',
      join(other, 'x.key'),
    ]);
    const replaced = files.map((one) => (one.name === 'private/broker.key' ? file(one.name, 'x') : one));
    const guarded = file('private/broker.key', await readFile(join(other, 'x.key')));
    const read = await adoptAuthority([...replaced.filter(({ name }) => name !== guarded.name), guarded], password);
    expect(read.issued.filter(({ privateKeyPem }) => privateKeyPem === undefined)).toHaveLength(1);
    expect(read.leftOut).toContainEqual({
      name: guarded.name,
      because: expect.stringContaining('passphrase') as string,
    });
    await rm(other, { recursive: true });
  });
});

describeWith('openssl')('an authority of the mTLS document’s own scripts', () => {
  let directory: string;
  const path = (name: string) => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-scripts-'));
    const rsa = ['-newkey', 'rsa:2048', '-nodes'];
    await mkdir(path('ca'));
    await run('openssl', [
      ...['req', '-x509', ...rsa, '-days', '3650', '-subj', '/C=CZ/O=CPI IoT Platform/CN=CPI Root CA'],
      ...['-keyout', path('ca/ca.key'), '-out', path('ca/ca.crt')],
    ]);
    for (const plant of plants) {
      const device = (end: string) => path(`devices/${plant}/device.${end}`);
      await mkdir(path(`devices/${plant}`), { recursive: true });
      await run('openssl', ['req', ...rsa, '-subj', `/CN=${plant}`, '-keyout', device('key'), '-out', device('csr')]);
      await run('openssl', [
        ...['x509', '-req', '-in', device('csr'), '-days', '730', '-sha256', '-out', device('crt')],
        ...['-CA', path('ca/ca.crt'), '-CAkey', path('ca/ca.key'), '-CAcreateserial'],
      ]);
      await rm(device('csr'));
    }
    // Of what `openssl x509` issued, `openssl ca` knows only what it revokes.
    await writeFile(path('ca/index.txt'), '');
    await writeFile(path('ca/crlnumber'), '01\n');
    await writeFile(
      path('openssl.cnf'),
      `[ca]\ndefault_ca = own\n[own]\ndatabase = ${path('ca/index.txt')}\ncrlnumber = ${path('ca/crlnumber')}\n` +
        'default_md = sha256\ndefault_crl_days = 30\n',
    );
    const own = ['-config', path('openssl.cnf'), '-keyfile', path('ca/ca.key'), '-cert', path('ca/ca.crt')];
    await run('openssl', ['ca', ...own, '-revoke', path(`devices/${plants[1]}/device.crt`)]);
    await run('openssl', ['ca', ...own, '-gencrl', '-out', path('ca/ca.crl')]);
    await rm(path('openssl.cnf'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** `openssl x509 -req` of OpenSSL 3.0 makes certificates of version 1, without a single extension. */
  it('is read whole: bare certificates, a serial number in ca.srl, a register of the revoked only', async () => {
    const files = (await filesBelow(directory)).map(({ name, content }) => file(name, Buffer.from(content, 'base64')));
    expect(files.map(({ name }) => name)).toContain('ca/ca.srl');
    const read = await adoptAuthority(files);
    expect(read).toMatchObject({ keyAlgorithm: 'RSA-2048', lastCrlNumber: 1n, register: [] });
    const bySubject = new Map(read.issued.map((one) => [one.certificate.subject, one]));
    expect([...bySubject.keys()].toSorted()).toEqual(plants.map((plant) => `/CN=${plant}`));
    expect(read.issued.every(({ privateKeyPem }) => privateKeyPem !== undefined)).toBe(true);
    expect([...read.revocations.keys()]).toEqual([bySubject.get(`/CN=${plants[1]}`)?.certificate.serialNumber]);
  });
});

describeWith('openssl')('what XCA exports', () => {
  let pki: OpensslPki;
  let identities: Identity[];
  const path = (name: string) => join(pki.directory, name);
  beforeAll(async () => {
    pki = await OpensslPki.create('Plant CA');
    identities = [await pki.issueDevice(plants[0]), await pki.issueDevice(plants[1])];
    await pki.revoke(identities[1] as Identity);
  });
  afterAll(() => pki.remove());

  /** “PEM + key” and “PEM all” put several blocks into one file; the register is named after the authority. */
  it('is read from few files, whatever they are called', async () => {
    const [first, second] = identities as [Identity, Identity];
    await run('openssl', ['crl', '-outform', 'DER', '-in', await crlFile(), '-out', path('crl.der')]);
    const root = `XCA\n${await pki.certificatePem()}${await readFile(path('ca.key'), 'utf8')}`;
    const own = await run('openssl', ['x509', '-text', '-in', path('ca.crt')]);
    const read = await adoptAuthority([
      file('Plant_CA.pem', root),
      file('everything.pem', `${own}${second.certificatePem}${first.certificatePem}${first.keyPem}`),
      file('Plant_CA.txt', await readFile(path('index.txt'))),
      file('Plant_CA.crl', await readFile(path('crl.der'))),
      file('templates.xca', 'a template'),
    ]);
    expect(read.issued.map(({ privateKeyPem }) => privateKeyPem !== undefined)).toEqual([false, true]);
    expect(read.revocations.size).toBe(1);
    expect(read.lastCrlNumber).toBe(1n);
    expect(read.leftOut.map(({ name }) => name)).toEqual(['templates.xca']);
  });

  /** `xca --index` (2.4) writes an end from 2050 on with two digits, where openssl writes four. */
  it('is read with ends beyond 2049, which its register writes without their century', async () => {
    const end = '590929131439Z';
    await run('openssl', [
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${plants[0]}`],
      ...['-keyout', path('long.key'), '-out', path('long.csr')],
    ]);
    await run('openssl', [
      ...['ca', '-batch', '-notext', '-config', path('ca.cnf'), '-enddate', `20${end}`],
      ...['-in', path('long.csr'), '-out', path('long.crt')],
    ]);
    const long = await readFile(path('long.crt'), 'utf8');
    const serialNumber = (await pki.serialNumber(long)).toUpperCase();
    const files = (...more: ImportFile[]) =>
      Promise.all(['ca.crt', 'ca.key'].map(async (name) => file(name, await readFile(path(name))))).then(
        (authority) => [
          ...authority,
          file('XCA_CA.txt', `V\t${end}\t\t${serialNumber}\tunknown\t/CN=${plants[0]}\n`),
          ...more,
        ],
      );
    const notAfter = new Date('2059-09-29T13:14:39Z');
    const read = await adoptAuthority(await files(file('long.crt', long)));
    expect(read.issued.map(({ certificate }) => certificate.notAfter)).toEqual([notAfter]);
    expect((await adoptAuthority(await files())).register).toMatchObject([{ notAfter }]);
  });

  const crlFile = async () => {
    await pki.crlPem();
    return path('ca.crl');
  };

  it('is the newest of the certificates that its root was renewed with', async () => {
    const renewed = async (name: string, ...more: string[]) => {
      await run('openssl', [
        ...['req', '-x509', '-new', '-key', path('ca.key'), '-subj', '/CN=Plant CA', '-out', path(name), ...more],
        ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-set_serial', '0x77'],
      ]);
      return file(name, await readFile(path(name)));
    };
    const younger = await renewed('renewed.crt', '-days', '3650');
    const older = file('old.crt', await readFile(path('ca.crt')));
    const key = file('ca.key', await readFile(path('ca.key')));
    const device = file('device.crt', (identities[0] as Identity).certificatePem);
    for (const roots of [
      [older, younger],
      [younger, older],
    ]) {
      const read = await adoptAuthority([...roots, key, device]);
      expect(read.certificate.certificatePem).toBe(younger.content.toString());
      expect(read.issued).toHaveLength(1);
      expect(read.leftOut).toEqual([
        { name: 'old.crt', because: expect.stringContaining('an older certificate') as string },
      ]);
    }
  });

  it('is refused when it holds two authorities, or one below another', async () => {
    const other = await OpensslPki.create('Other CA');
    const [mine, theirs] = await Promise.all(
      [pki, other].map(async ({ directory }) => [
        file(`${directory}/ca.crt`, await readFile(join(directory, 'ca.crt'))),
        file(`${directory}/ca.key`, await readFile(join(directory, 'ca.key'))),
      ]),
    );
    await expect(adoptAuthority([...(mine ?? []), ...(theirs ?? [])])).rejects.toMatchObject({
      code: 'authority/import-mismatch',
    });
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=Below'],
      ...['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-keyout', path('sub.key'), '-out', path('sub.crt')],
    ]);
    const below = [file('sub.key', await readFile(path('sub.key'))), file('sub.crt', await readFile(path('sub.crt')))];
    await expect(adoptAuthority(below)).rejects.toMatchObject({ code: 'authority/import-not-root' });
    await other.remove();
  });
});
