// An authority that `openssl ca` has run for a while, read whole, and refused whole where its parts do not fit.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpensslFiles, readOpensslAuthority } from '../../electron/authority/import/openssl-authority.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const plants = ['a1b2c3d4-0000-0000-0000-000000000001', 'a1b2c3d5-0000-0000-0000-000000000002'] as const;

describeWith('openssl')('an authority of openssl', () => {
  let pki: OpensslPki;
  let other: OpensslPki;
  let files: OpensslFiles;
  let devices: Identity[];

  const file = (name: string) => readFile(join(pki.directory, name), 'utf8');
  const crlOf = async (from: OpensslPki) => ({ name: 'ca.crl', text: await from.crlPem() });
  const filesOf = async (): Promise<OpensslFiles> => ({
    keyPem: await file('ca.key'),
    certificatePem: await file('ca.crt'),
    crls: [await crlOf(pki)],
    index: await file('index.txt'),
    crlNumber: await file('crlnumber'),
    issued: devices.map(({ certificatePem, keyPem }, index) => ({
      name: `devices/${plants[index]}/device.crt`,
      certificatePem,
      keyPem,
    })),
  });

  beforeAll(async () => {
    [pki, other] = await Promise.all([OpensslPki.create(), OpensslPki.create('Another root')]);
    devices = [await pki.issueDevice(plants[0]), await pki.issueDevice(plants[1])];
    const unseen = await pki.issueServer();
    await pki.revoke(devices[1] as Identity);
    await pki.crlPem();
    files = await filesOf();
    expect(unseen.certificatePem).toContain('CERTIFICATE');
  });
  afterAll(() => Promise.all([pki.remove(), other.remove()]));

  const refused = (change: Partial<OpensslFiles>) => readOpensslAuthority({ ...files, ...change });

  it('is read whole: its certificates, its revocations, and the number of its next CRL', async () => {
    const read = await readOpensslAuthority(files);
    expect(read.keyAlgorithm).toBe('EC-P256');
    expect(read.issued.map(({ certificate }) => certificate.subject)).toEqual(plants.map((id) => `/CN=${id}`));
    expect(read.issued.every(({ privateKeyPem }) => privateKeyPem?.includes('PRIVATE KEY'))).toBe(true);
    const second = read.issued[1]?.certificate.serialNumber;
    expect([...read.revocations.values()]).toEqual([
      { serialNumber: second, revokedAt: expect.any(Date) as Date, reason: 'unspecified', invalidityDate: null },
    ]);
    expect(read.unseen.map(({ subject }) => subject)).toEqual(['/CN=localhost']);
    expect(read.lastCrlNumber).toBe(2n);
    expect(read.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('comes with its key under a passphrase, in PKCS#1 and PKCS#8', async () => {
    const rsa = await OpensslPki.create();
    const [plain, locked] = [join(rsa.directory, 'rsa.key'), join(rsa.directory, 'locked.key')];
    const crt = join(rsa.directory, 'rsa.crt');
    await run('openssl', ['genrsa', '-out', plain, '3072']);
    await run('openssl', [
      ...['req', '-x509', '-new', '-key', plain, '-out', crt, '-subj', '/CN=RSA', '-days', '30'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ]);
    const certificatePem = await readFile(crt, 'utf8');
    await writeFile(join(rsa.directory, 'pass'), 'open sesame\n');
    for (const form of [['-traditional'], []]) {
      await run('openssl', [
        ...['rsa', '-in', plain, '-out', locked, '-aes256', '-passout', `file:${rsa.directory}/pass`, ...form],
      ]);
      const keyPem = await readFile(locked, 'utf8');
      const read = await readOpensslAuthority({ keyPem, certificatePem, passphrase: 'open sesame' });
      expect(read).toMatchObject({ keyAlgorithm: 'RSA-3072', lastCrlNumber: 0n, issued: [], revocations: new Map() });
      for (const passphrase of [undefined, 'open barley']) {
        await expect(readOpensslAuthority({ keyPem, certificatePem, passphrase })).rejects.toMatchObject({
          code: 'authority/key-locked',
        });
      }
    }
    await rsa.remove();
  });

  it('is refused when its parts are of different authorities', async () => {
    const theirs = {
      key: await readFile(join(other.directory, 'ca.key'), 'utf8'),
      crl: await other.crlPem(),
      device: (await other.issueDevice(plants[0])).certificatePem,
    };
    const [first] = devices as [Identity];
    const mismatch = { code: 'authority/import-mismatch' };
    await expect(refused({ keyPem: theirs.key })).rejects.toMatchObject(mismatch);
    await expect(refused({ crls: [await crlOf(pki), { name: 'old.crl', text: theirs.crl }] })).rejects.toMatchObject(
      mismatch,
    );
    const issued = [{ name: 'device.crt', certificatePem: theirs.device }];
    await expect(refused({ issued })).rejects.toMatchObject({ ...mismatch, details: { file: 'device.crt' } });
    const swapped = [{ name: 'device.crt', certificatePem: first.certificatePem, keyPem: theirs.key }];
    await expect(refused({ issued: swapped })).rejects.toMatchObject(mismatch);
    await expect(refused({ certificatePem: first.certificatePem, keyPem: first.keyPem })).rejects.toMatchObject(
      mismatch,
    );
  });

  it('is refused with a delta CRL, which does not say all that is revoked', async () => {
    const delta = join(pki.directory, 'delta.crl');
    const configuration = join(pki.directory, 'delta.cnf');
    await writeFile(
      configuration,
      `${await file('ca.cnf')}[delta]\n2.5.29.27 = critical,DER:02:01:01\nauthorityKeyIdentifier = keyid\n`,
    );
    await run('openssl', ['ca', '-config', configuration, '-gencrl', '-crlexts', 'delta', '-out', delta]);
    const crls = [...(files.crls ?? []), { name: 'delta.crl', text: await readFile(delta, 'utf8') }];
    await expect(refused({ crls })).rejects.toMatchObject({
      code: 'authority/import-mismatch',
      because: expect.stringMatching(/^delta\.crl: a delta CRL/) as string,
    });
  });

  it('is refused when its register disagrees with its certificates or its CRL', async () => {
    const index = files.index ?? '';
    const mismatch = { code: 'authority/import-mismatch' };
    await expect(refused({ index: index.replace(/^V\t\d\d/m, 'V\t49') })).rejects.toMatchObject(mismatch);
    await expect(refused({ index: index.replace(/^R\t(\d+Z)\t\d+Z/m, 'V\t$1\t') })).rejects.toMatchObject(mismatch);
    const swapped = index.replace(plants[0], 'x').replace(plants[1], plants[0]).replace('x', plants[1]);
    await expect(refused({ index: swapped })).rejects.toMatchObject({
      ...mismatch,
      fields: plants.map((id) => ({
        field: `devices/${id}/device.crt`,
        message: expect.stringContaining('of index.txt says that it is') as string,
      })),
    });
    await expect(refused({ index: `${index}nonsense\n` })).rejects.toMatchObject({ code: 'authority/index-invalid' });
    await expect(refused({ crlNumber: 'many' })).rejects.toMatchObject(mismatch);
  });

  it.each([
    ['ed25519', ['ed25519'], 'authority/unsupported-key'],
    ['ec secp521r1', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'], 'authority/unsupported-key'],
    ['rsa 2560', ['rsa:2560'], 'authority/unsupported-key'],
    ['rsa 1024', ['rsa:1024'], 'authority/weak-key'],
  ])('is refused with a key of %s, and told why', async (kind, options, code) => {
    const [key, crt] = [join(pki.directory, 'kind.key'), join(pki.directory, 'kind.crt')];
    await run('openssl', [
      ...['req', '-x509', '-newkey', ...options, '-nodes', '-keyout', key, '-out', crt, '-subj', '/CN=Of a kind'],
    ]);
    const ofKind = { keyPem: await readFile(key, 'utf8'), certificatePem: await readFile(crt, 'utf8') };
    await expect(readOpensslAuthority(ofKind)).rejects.toMatchObject({ code, because: kind });
  });

  it('is refused with a serial number that no revocation could name', async () => {
    const issuedUnder = async (serial: string) => {
      const [csr, crt] = [join(pki.directory, 'odd.csr'), join(pki.directory, 'odd.crt')];
      await run('openssl', [
        ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=odd'],
        ...['-keyout', join(pki.directory, 'odd.key'), '-out', csr],
      ]);
      await run('openssl', [
        ...['x509', '-req', '-in', csr, '-CA', join(pki.directory, 'ca.crt'), '-CAkey', join(pki.directory, 'ca.key')],
        ...['-set_serial', serial, '-out', crt],
      ]);
      return refused({ issued: [{ name: 'odd.crt', certificatePem: await readFile(crt, 'utf8') }] });
    };
    await expect(issuedUnder('-5')).rejects.toMatchObject({
      code: 'authority/import-mismatch',
      because: expect.stringContaining('odd.crt: the serial number is negative') as string,
    });
    expect((await issuedUnder(`0x${'ff'.repeat(20)}`)).issued).toHaveLength(1);
    const line = `V\t280418000000Z\t\t-05\tunknown\t/CN=odd\n`;
    await expect(refused({ index: line })).rejects.toMatchObject({ code: 'authority/index-invalid' });
  });

  it('is refused with a key that is too short, and with what is no key at all', async () => {
    const [key, crt] = [join(pki.directory, 'weak.key'), join(pki.directory, 'weak.crt')];
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-keyout', key, '-out', crt, '-subj', '/CN=Weak'],
    ]);
    const weak = { keyPem: await readFile(key, 'utf8'), certificatePem: await readFile(crt, 'utf8') };
    await expect(readOpensslAuthority(weak)).rejects.toMatchObject({ code: 'authority/weak-key' });
    for (const keyPem of ['', 'PRIVATE', files.certificatePem, 'x'.repeat(100_000)]) {
      await expect(refused({ keyPem })).rejects.toMatchObject({ code: 'authority/invalid-material' });
    }
  });
});
