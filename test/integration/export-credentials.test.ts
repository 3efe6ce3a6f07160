// What leaves the console as files, judged by OpenSSL, GnuTLS, a real Mosquitto and our own import.

import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { readElement, readIntegerHex, readTime } from '../../electron/authority/der-reader.ts';
import { extensionId } from '../../electron/authority/extensions.ts';
import { readOpensslAuthority } from '../../electron/authority/import/openssl-authority.ts';
import { fromPem } from '../../electron/authority/pem.ts';
import { readCrlStructure } from '../../electron/authority/structure.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { filesBelow } from '../support/import-files.ts';
import { describeWith } from '../support/requirements.ts';
import { startTlsMosquitto } from '../support/tls-mosquitto.ts';

const run = promisify(execFile);
const password = 'a long password';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const plant = async (name = 'Pump 4') => {
  const { plantId } = await console.client.plants.create({ name, authMethod: 'MTLS' });
  await console.client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
  return plantId;
};

/** Unpacks a tar into a folder of the test's own; answers the folder and the files' names. */
async function unpacked(file: File) {
  const folder = await mkdtemp(join(tmpdir(), 'voke-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names: string[] = [];
  for (const { header, data } of await unpackTar(new Uint8Array(await file.arrayBuffer()))) {
    if (header.type !== 'file') continue;
    await mkdir(dirname(join(folder, header.name)), { recursive: true });
    await writeFile(join(folder, header.name), data ?? new Uint8Array(), { mode: header.mode ?? 0o600 });
    names.push(header.name);
  }
  return { folder, names: names.sort(), text: (name: string) => readFile(join(folder, name), 'utf8') };
}

it('gives the public formats under names that say what they are, and hands nothing over', async () => {
  const { client } = console;
  const plantId = await plant('Čerpadlo 4');
  const stem = `cerpadlo-4-${plantId.slice(0, 8)}`;
  const certificate = await client.plants.exportCredential({ plantId, format: 'certificate' });
  const der = await client.plants.exportCredential({ plantId, format: 'der' });
  const chain = await client.plants.exportCredential({ plantId, format: 'chain' });
  expect([certificate.name, der.name, chain.name]).toEqual([`${stem}.crt`, `${stem}.der`, `${stem}-chain.pem`]);
  const leaf = new X509Certificate(await certificate.text());
  expect(leaf.subject).toBe(`CN=${plantId}`);
  expect(leaf.raw.equals(Buffer.from(await der.arrayBuffer()))).toBe(true);
  const root = await (await client.authority.certificateFile()).text();
  expect(await chain.text()).toBe((await certificate.text()) + root);
  expect(Buffer.from(await (await client.authority.derFile({ file: 'ca.der' })).arrayBuffer())).toEqual(
    new X509Certificate(root).raw,
  );
  expect(await client.plants.get({ plantId })).toMatchObject({ credentialWaits: true });
});

it('gives the PEM set with its key once, and says afterwards that the key is not here', async () => {
  const { client } = console;
  const plantId = await plant();
  const first = await unpacked(await client.plants.exportCredential({ plantId, format: 'pem' }));
  const stem = `pump-4-${plantId.slice(0, 8)}`;
  expect(first.names).toEqual(
    ['README.txt', 'ca.crt', 'chain.pem', 'device.crt', 'device.key'].map((name) => `${stem}/${name}`),
  );
  const leaf = new X509Certificate(await first.text(`${stem}/device.crt`));
  expect(leaf.checkPrivateKey(createPrivateKey(await first.text(`${stem}/device.key`)))).toBe(true);
  expect(await client.plants.credentials({ plantId })).toMatchObject([{ state: 'deployed', secretsAvailable: false }]);

  const again = await client.plants.exportCredential({ plantId, format: 'pem' });
  expect(again.name).toBe(`${stem}-without-key.tar`);
  const second = await unpacked(again);
  expect(second.names).not.toContain(`${stem}/device.key`);
  expect(await second.text(`${stem}/README.txt`)).toContain('device.key   NOT HERE');
  await expect(client.plants.exportCredential({ plantId, format: 'pkcs12', password })).rejects.toMatchObject({
    code: 'credential/handed-over',
    status: 410,
  });
});

it('gives PKCS#12 as often as asked, and never without a password', async () => {
  const { client } = console;
  const plantId = await plant();
  for (const [format, suffix] of [
    ['pkcs12', 'aes256'],
    ['pkcs12-compatible', '3des'],
  ] as const) {
    const file = await client.plants.exportCredential({ plantId, format, password });
    expect(file.name).toBe(`pump-4-${plantId.slice(0, 8)}-${suffix}.p12`);
    for (const weak of [undefined, 'short', 'heslo s háčky a čárkami']) {
      await expect(
        client.plants.exportCredential({ plantId, format, ...(weak !== undefined && { password: weak }) }),
      ).rejects.toMatchObject({ code: 'input/invalid' });
    }
  }
  expect(await client.plants.get({ plantId })).toMatchObject({ credentialWaits: true });
  const { items } = await client.audit.list({});
  expect(items.filter(({ action }) => action === 'credential.export')).toHaveLength(2);
  expect(JSON.stringify(items)).not.toContain(password);
});

it('exports nothing of a plant without a certificate', async () => {
  const { client } = console;
  const { plantId } = await client.plants.create({ name: 'By word', authMethod: 'PASSWORD' });
  await expect(client.plants.exportCredential({ plantId, format: 'pem' })).rejects.toMatchObject({
    code: 'plant/wrong-auth-method',
  });
  const other = await client.plants.create({ name: 'Bare', authMethod: 'MTLS' });
  await expect(client.plants.exportCredential({ plantId: other.plantId, format: 'pem' })).rejects.toMatchObject({
    code: 'credential/not-found',
  });
});

describeWith('openssl', 'certtool')('the whole set', () => {
  it('lies in the folders of the document, without a private key unless asked for', async () => {
    const { client } = console;
    const plantId = await plant();
    const { names, text } = await unpacked(await client.authority.exportSet({}));
    expect(names).toEqual([
      'certs/README.txt',
      'certs/ca/ca.crl',
      'certs/ca/ca.crt',
      'certs/ca/crlnumber',
      'certs/ca/index.txt',
      'certs/ca/index.txt.attr',
      'certs/ca/serial',
      `certs/devices/${plantId}/device.crt`,
      'certs/jwt/jwt-public-spki.der',
      'certs/jwt/jwt-public.der',
      'certs/jwt/jwt-public.pem',
    ]);
    expect(await text('certs/README.txt')).toContain('ca/ca.key                            NOT HERE');
    expect(await client.plants.get({ plantId })).toMatchObject({ credentialWaits: true });
  });

  it('is what openssl ca goes on with, what OpenSSL and GnuTLS verify, and what our own import takes', async () => {
    const { client } = console;
    const [revoked, kept, gone] = [await plant(), await plant(), await plant()];
    await client.plants.revoke({ plantId: revoked, reason: 'privilegeWithdrawn' });
    const invalidityDate = '2026-02-03T04:05:06.000Z';
    await client.plants.revoke({ plantId: await plant(), reason: 'keyCompromise', invalidityDate });
    await client.plants.download({ plantId: gone });
    const set = await unpacked(
      await client.authority.exportSet({ withPrivateKeys: true, authorityPassphrase: password }),
    );
    expect(await readdir(join(set.folder, 'certs', 'devices'))).toEqual([kept, gone].sort());
    expect(set.names).toContain(`certs/devices/${kept}/device.key`);
    expect(set.names).not.toContain(`certs/devices/${gone}/device.key`);
    expect(await set.text('certs/README.txt')).toContain('1 private keys are NOT HERE');
    expect(await client.plants.credentials({ plantId: kept })).toMatchObject([{ secretsAvailable: false }]);

    const ca = join(set.folder, 'certs', 'ca');
    const device = join(set.folder, 'certs', 'devices', kept, 'device.crt');
    await run('openssl', [
      ...['verify', '-x509_strict', '-crl_check', '-CAfile', join(ca, 'ca.crt'), '-CRLfile', join(ca, 'ca.crl')],
      device,
    ]);
    await run('certtool', ['--verify', '--load-ca-certificate', join(ca, 'ca.crt'), '--infile', device]);

    const configuration =
      `[ca]\ndefault_ca = own\n[own]\ndir = ${ca}\ndatabase = $dir/index.txt\nserial = $dir/serial\n` +
      'crlnumber = $dir/crlnumber\nnew_certs_dir = $dir\ncertificate = $dir/ca.crt\nprivate_key = $dir/ca.key\n' +
      'default_md = sha256\ndefault_days = 30\ndefault_crl_days = 30\npolicy = any\n[any]\ncommonName = supplied\n';
    await writeFile(join(ca, 'ca.cnf'), configuration);
    const opensslCa = (...options: string[]) =>
      run('openssl', ['ca', '-batch', '-config', join(ca, 'ca.cnf'), '-passin', `pass:${password}`, ...options]);
    await opensslCa('-revoke', device);
    await opensslCa('-gencrl', '-out', join(ca, 'ca.crl'));
    await run('openssl', [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...['-subj', `/CN=${kept}`, '-keyout', join(ca, 'new.key'), '-out', join(ca, 'new.csr')],
    ]);
    await opensslCa('-in', join(ca, 'new.csr'), '-out', join(ca, 'new.crt'));
    const crl = await run('openssl', ['crl', '-in', join(ca, 'ca.crl'), '-noout', '-text']);
    expect(crl.stdout.match(/Serial Number/g)).toHaveLength(3);
    expect(crl.stdout).toMatch(/Key Compromise\s+Invalidity Date:\s+Feb +3 04:05:06 2026 GMT/);

    const read = await readOpensslAuthority({
      keyPem: await set.text('certs/ca/ca.key'),
      passphrase: password,
      certificatePem: await set.text('certs/ca/ca.crt'),
      crls: [{ name: 'ca.crl', text: await set.text('certs/ca/ca.crl') }],
      index: await set.text('certs/ca/index.txt'),
      crlNumber: await set.text('certs/ca/crlnumber'),
      issued: [{ name: 'device.crt', certificatePem: await readFile(device, 'utf8') }],
    });
    expect(read.revocations).toHaveLength(3);
    expect(read.lastCrlNumber).toBeGreaterThanOrEqual(3);
  });
});

/** Serial number, date, reason and invalidity date of every entry of a CRL. */
async function entriesOf(pem: Promise<string>): Promise<string[]> {
  const { entries = [] } = readCrlStructure(fromPem('X509 CRL', await pem));
  return entries
    .map(({ serialNumber, revokedAt, extensions }) => {
      const value = (id: string) => extensions.find(({ oid }) => oid === id)?.value;
      const since = value(extensionId.invalidityDate);
      return [
        readIntegerHex(serialNumber),
        readTime(revokedAt).toISOString(),
        value(extensionId.reasonCode)?.toString('hex') ?? 'unspecified',
        since ? readTime(readElement(since)).toISOString() : '',
      ].join(' ');
    })
    .toSorted();
}

it('comes back whole when another console adopts the exported set, and leaves that one whole again', async () => {
  const { client } = console;
  const [active, revoked, replaced] = [await plant(), await plant(), await plant()];
  const [stolen, withdrawn] = [await plant(), await plant()];
  await client.plants.activate({ plantId: active });
  await client.plants.revoke({ plantId: revoked });
  const invalidityDate = '2026-02-03T04:05:06.000Z';
  await client.plants.revoke({ plantId: stolen, reason: 'keyCompromise', invalidityDate });
  // A reason that openssl has no word for: only the CRL knows it.
  await client.plants.revoke({ plantId: withdrawn, reason: 'privilegeWithdrawn', invalidityDate });
  await client.plants.provision({ plantId: replaced, keyAlgorithm: 'EC-P256' });
  const linesOf = (index: string) => index.trimEnd().split('\n').toSorted();
  const first = await unpacked(await client.authority.exportSet({ authorityPassphrase: password }));

  const other = await startConsole();
  onTestFinished(() => other.dispose());
  await other.client.vault.create({ passphrase });
  const files = await filesBelow(join(first.folder, 'certs'));
  const adopted = await other.client.authority.import({ files, passphrase: password });
  const { fingerprint, crl } = await client.authority.get();
  expect(adopted).toMatchObject({ fingerprint, crl: { revokedCount: crl.revokedCount } });
  expect(crl.revokedCount).toBe(4);
  expect(Number(adopted.crl.number)).toBeGreaterThanOrEqual(Number(crl.number));
  const second = await unpacked(await other.client.authority.exportSet({}));
  expect(linesOf(await second.text('certs/ca/index.txt'))).toEqual(linesOf(await first.text('certs/ca/index.txt')));
  expect(await first.text('certs/ca/index.txt')).toContain(',keyTime,20260203040506Z');
  const [before, after] = await Promise.all([first, second].map((set) => entriesOf(set.text('certs/ca/ca.crl'))));
  expect(after).toEqual(before);
  expect(before?.filter((entry) => entry.includes(invalidityDate))).toHaveLength(2);
});

describeWith('openssl')('a set from the middle of a change of authority', () => {
  /** Openssl's word for every certificate of a plant in the folder of an authority. */
  const verified = async (folder: string): Promise<string[]> => {
    const plantIds = await readdir(join(folder, 'devices')).catch(() => []);
    for (const plantId of plantIds) {
      await run('openssl', [
        ...['verify', '-x509_strict', '-crl_check', '-CAfile', join(folder, 'ca/ca.crt')],
        ...['-CRLfile', join(folder, 'ca/ca.crl'), join(folder, 'devices', plantId, 'device.crt')],
      ]);
    }
    return plantIds;
  };

  const adopt = async (folder: string) => {
    const other = await startConsole();
    onTestFinished(() => other.dispose());
    await other.client.vault.create({ passphrase });
    const offered = { files: await filesBelow(folder), passphrase: password };
    const { leftOut } = await other.client.authority.previewImport(offered);
    const { fingerprint } = await other.client.authority.import(offered);
    return { fingerprint, leftOut, plants: (await other.client.plants.list({})).items.map(({ plantId }) => plantId) };
  };

  it('has a folder for each authority with its key, its register and what fits it, and each can be adopted', async () => {
    const { client } = console;
    const [active, revoked] = [await plant(), await plant()];
    await client.plants.activate({ plantId: active });
    await client.plants.revoke({ plantId: revoked, reason: 'keyCompromise' });
    const next = await client.rollover.start({});
    const [old, young] = next.authorities;
    const set = async () => {
      const { folder, text } = await unpacked(await client.authority.exportSet({ authorityPassphrase: password }));
      const folders = (await readdir(join(folder, 'certs'))).filter((name) => name.includes('-'));
      expect(folders).toHaveLength(1);
      const [name = ''] = folders;
      return { certs: join(folder, 'certs'), name, other: join(folder, 'certs', name), text };
    };

    const before = await set();
    expect(before.name).toMatch(/^next-/);
    expect([await verified(before.certs), await verified(before.other)]).toEqual([[active], []]);
    expect(await adopt(before.certs)).toMatchObject({
      fingerprint: old?.fingerprint,
      plants: [active],
      leftOut: expect.arrayContaining([
        { name: `${before.name}/`, because: expect.stringContaining('of another authority') as string },
      ]) as object,
    });

    await client.rollover.issue({ insist: true });
    const renewed = await plant();
    const between = await set();
    expect(between.name).toMatch(/^retiring-/);
    expect([await verified(between.certs), await verified(between.other)]).toEqual([[renewed], [active]]);
    expect(await between.text(`certs/${between.name}/ca/index.txt`)).toMatch(/^R\t.*,keyCompromise\t/m);
    expect(await adopt(between.certs)).toMatchObject({ fingerprint: young?.fingerprint, plants: [renewed] });
    expect(await adopt(between.other)).toMatchObject({ fingerprint: old?.fingerprint, plants: [active] });

    await client.rollover.retire({ authorityId: old?.authorityId ?? '', insist: true });
    const after = await set();
    expect(after.name).toMatch(/^retired-/);
    expect([await verified(after.certs), await verified(after.other)]).toEqual([[renewed], [active]]);
    expect(await after.text('certs/README.txt')).toContain(`${after.name}/`);
    expect(await adopt(after.certs)).toMatchObject({ fingerprint: young?.fingerprint, plants: [renewed] });
  });
});

describeWith('mosquitto')('a real mosquitto', () => {
  it('runs on the exported set, lets its plant in, and keeps a revoked one out', async () => {
    const { client } = console;
    const { brokerId } = await client.brokers.create({
      name: 'Site',
      target: { kind: 'practice' },
      host: 'localhost',
      ports: { mtls: 18883, password: 18885, token: 18887 },
    });
    const [revoked, kept] = [await plant(), await plant()];
    const { body } = await client.plants.download({ plantId: revoked });
    await client.plants.revoke({ plantId: revoked });
    await client.brokers.files({ brokerId });
    const { folder, text } = await unpacked(await client.authority.exportSet({ withPrivateKeys: true }));
    const inSet = (name: string) => join(folder, 'certs', name);
    const broker = await startTlsMosquitto({
      cafile: inSet('ca/ca.crt'),
      crlfile: inSet('ca/ca.crl'),
      certfile: inSet('broker/server.crt'),
      keyfile: inSet('broker/server.key'),
    });
    const ca = await text('certs/ca/ca.crt');
    await broker.connect({
      ca,
      cert: await text(`certs/devices/${kept}/device.crt`),
      key: await text(`certs/devices/${kept}/device.key`),
    });
    expect(broker.log()).toContain(`u'${kept}'`);
    if (!('deviceKeyPem' in body.auth)) throw new Error('no key');
    const { deviceCertPem: cert, deviceKeyPem: key } = body.auth;
    await expect(broker.connect({ ca, cert, key })).rejects.toThrow();
    await vi.waitFor(() => expect(broker.log()).toMatch(/certificate revoked|certificate verify failed/));
  });
});
