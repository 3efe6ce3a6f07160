// An authority that openssl has run for a while moves into a vault, as its scripts left it, and the console goes on where
// they stopped. What the console issues and revokes from then on is judged by openssl.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';
import { filesBelow, type SentFile, sentFile } from '../support/import-files.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';

const plant = (last: number) => plantIdSchema.parse(`a1b2c3d${last}-0000-0000-0000-00000000000${last}`);
const [active, revoked, rotated] = [plant(1), plant(2), plant(3)];

const serialOf = ({ certificatePem }: Identity, pki: OpensslPki) => pki.serialNumber(certificatePem);

describeWith('openssl', 'certtool')('an authority of openssl, adopted', () => {
  let pki: OpensslPki;
  let files: SentFile[];
  let serials: { revoked: string; unseen: string };
  const consoles: TestConsole[] = [];

  const open = async () => {
    const started = await startConsole();
    consoles.push(started);
    await started.client.vault.create({ passphrase });
    return started;
  };
  const without = (...names: string[]) => files.filter(({ name }) => !names.includes(name));
  const changed = (name: string, content: string | Uint8Array) => [...without(name), sentFile(name, content)];

  /** The folder of the mTLS document, and openssl's own beside it. */
  beforeAll(async () => {
    pki = await OpensslPki.create();
    const keep = async (id: string, identity: Identity, file = 'device') => {
      const folder = join(pki.directory, 'devices', id);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${file}.crt`), identity.certificatePem);
      await writeFile(join(folder, `${file}.key`), identity.keyPem);
    };
    await keep(active, await pki.issueDevice(active));
    const gone = await pki.issueDevice(revoked);
    await keep(revoked, gone);
    await keep(rotated, await pki.issueDevice(rotated), 'device-2025');
    await keep(rotated, await pki.issueDevice(rotated));
    const unseen = await pki.issueDevice('somebody');
    await pki.issueServer();
    await pki.revoke(gone);
    await pki.crlPem();
    // Revoked after the last CRL: only the register knows.
    await pki.revoke(unseen);
    serials = { revoked: await serialOf(gone, pki), unseen: await serialOf(unseen, pki) };
    files = (await filesBelow(pki.directory)).filter(
      ({ name }) => !name.startsWith('new/') && !/^(device|revoked|asked)\.(crt|key|csr)$/.test(name),
    );
    return () => pki.remove();
  });
  afterEach(async () => {
    await Promise.all(consoles.splice(0).map((started) => started.dispose()));
  });

  it('is looked at before anything is stored', async () => {
    const { client } = await open();
    const preview = await client.authority.previewImport({ files });
    expect(preview).toMatchObject({
      subject: '/CN=Test Root CA',
      keyAlgorithm: 'EC-P256',
      otherCertificates: 1,
      bySerialNumberOnly: 1,
      revoked: 2,
      misnamed: [],
      nextSerial: '1006',
      nextCrlNumber: '2',
    });
    expect(
      preview.plants.map(({ plantId, status, certificates, hasKey }) => [plantId, status, certificates, hasKey]),
    ).toEqual(
      expect.arrayContaining([
        [active, 'ACTIVE', 1, true],
        [revoked, 'REVOKED', 1, true],
        [rotated, 'ACTIVE', 2, true],
      ]),
    );
    await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found' });
  });

  it('makes no plant of a name that a broker would take for another one', async () => {
    const { client } = await open();
    const capitals = plant(4).toUpperCase();
    const { certificatePem } = await pki.issueDevice(capitals);
    const preview = await client.authority.previewImport({
      files: [...files, sentFile('devices/capitals/device.crt', certificatePem)],
    });
    expect(preview.plants.map(({ plantId }) => plantId)).not.toContain(capitals.toLowerCase());
    expect(preview.otherCertificates).toBe(2);
    expect(preview.misnamed).toEqual([
      {
        subject: `/CN=${capitals}`,
        serialNumber: expect.stringMatching(/^[0-9a-f]+$/),
        because: expect.stringContaining('its UUID is in capitals'),
      },
    ]);
  });

  it('goes on: its plants, its certificates, and a CRL of everything that it ever revoked', async () => {
    const { client } = await open();
    const authority = await client.authority.import({ files });
    expect(authority).toMatchObject({ subject: '/CN=Test Root CA', crl: { number: '2', revokedCount: 2 } });
    const { items: plants } = await client.plants.list({});
    expect(plants.map(({ plantId, status }) => [plantId, status]).toSorted()).toEqual([
      [active, 'ACTIVE'],
      [revoked, 'REVOKED'],
      [rotated, 'ACTIVE'],
    ]);
    const credentials = await client.plants.credentials({ plantId: rotated });
    expect(credentials.map(({ state }) => state)).toEqual(['active', 'deployed']);
    const { items: certificates } = await client.authority.listCertificates({});
    expect(certificates).toHaveLength(5);
    expect(certificates.find(({ kind }) => kind === 'broker')?.subject).toBe('/CN=localhost');
    const { items: trail } = await client.audit.list({ limit: 1 });
    expect(trail[0]).toMatchObject({ action: 'authority.import', details: { plants: 3, revoked: 2 } });

    // After a lock, and with a revocation of its own, openssl finds all of them.
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    await client.plants.revoke({ plantId: active, reason: 'keyCompromise' });
    const crl = await (await client.authority.crlFile()).text();
    const read = inspectCrl(crl);
    expect(read.number).toBe(3n);
    expect(read.revokedSerialNumbers).toHaveLength(3);
    expect(read.revokedSerialNumbers).toEqual(expect.arrayContaining([serials.revoked, serials.unseen]));
    const path = join(pki.directory, 'next.crl');
    await writeFile(path, crl);
    await run('openssl', ['crl', '-in', path, '-CAfile', join(pki.directory, 'ca.crt'), '-noout', '-verify']);
  });

  it('watches the ends also of its broker, and of what is known by serial number only', async () => {
    const { client } = await open();
    await client.authority.import({ files: files.filter(({ name }) => name !== `devices/${active}/device.crt`) });
    const expiries = await client.authority.expiries();
    expect(expiries.find(({ kind }) => kind === 'broker')).toMatchObject({ name: '/CN=localhost', isOutage: true });
    // Of the two that are known by their serial number only, one is revoked: it may end.
    expect(expiries.filter(({ kind }) => kind === 'registered')).toMatchObject([
      { name: `/CN=${active}`, isOutage: false },
    ]);
  });

  it('issues under the same root, with serial numbers that openssl never gave', async () => {
    const { client } = await open();
    await client.authority.import({ files });
    const made = await client.plants.create({ name: 'Pump 4', authMethod: 'MTLS' });
    const issued = await client.plants.provision({ plantId: made.plantId, keyAlgorithm: 'EC-P256' });
    const pem = 'deviceCertPem' in issued.auth ? issued.auth.deviceCertPem : '';
    const path = join(pki.directory, 'issued.crt');
    await writeFile(path, pem);
    await run('openssl', ['verify', '-x509_strict', '-CAfile', join(pki.directory, 'ca.crt'), path]);
    expect((await pki.serialNumber(pem)).length).toBeGreaterThan(16);
  });

  it('keeps revoked what the console revoked, though the CRL of the site says that it is newer', async () => {
    const { client } = await open();
    await client.authority.import({ files: without('ca.crl', 'index.txt', 'crlnumber') });
    const site = await pki.crlPem();
    await client.plants.revoke({ plantId: active, reason: 'keyCompromise' });
    const ours = await (await client.authority.crlFile()).text();
    const both = [
      ...without('ca.crl', 'index.txt', 'crlnumber'),
      sentFile('site.crl', site),
      sentFile('console.crl', ours),
    ];
    const { client: other } = await open();
    const preview = await other.authority.previewImport({ files: both });
    expect(preview.plants.find(({ plantId }) => plantId === active)).toMatchObject({ status: 'REVOKED' });
    await other.authority.import({ files: both });
    const next = inspectCrl(await (await other.authority.crlFile()).text());
    // The console's own is backdated by a day, and may not say that it is older than the site's.
    expect(next.thisUpdate).toEqual(inspectCrl(site).thisUpdate);
    expect(next.revokedSerialNumbers).toEqual(expect.arrayContaining([...inspectCrl(ours).revokedSerialNumbers]));
  });

  it('counts on from the number of 20 octets that certtool gives a CRL by itself', async () => {
    const { client } = await open();
    const path = (name: string) => join(pki.directory, name);
    await writeFile(path('crl.template'), 'expiration_days = 30\n');
    const pem = await run('certtool', [
      ...['--generate-crl', '--load-ca-privkey', path('ca.key'), '--load-ca-certificate', path('ca.crt')],
      ...['--template', path('crl.template')],
    ]);
    const { number } = inspectCrl(pem);
    expect(number).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    const next = (number ?? 0n) + 1n;
    const authority = await client.authority.import({ files: changed('ca.crl', pem) });
    expect(authority.crl.number).toBe(String(next));
    const own = await (await client.authority.crlFile()).text();
    await writeFile(path('own.crl'), own);
    const shown = await run('openssl', ['crl', '-in', path('own.crl'), '-noout', '-crlnumber']);
    expect(BigInt(shown.trim().replace('crlNumber=', ''))).toBe(next);
    await client.plants.revoke({ plantId: active, reason: 'keyCompromise' });
    expect((await client.authority.get()).crl.number).toBe(String(next + 1n));
  });

  it('lets certificates be revoked that nobody has any more', async () => {
    const { client } = await open();
    await client.authority.import({ files: files.filter(({ name }) => !name.startsWith('devices/')) });
    const { items, total } = await client.authority.listRegister({ query: active });
    expect({ items, total }).toMatchObject({ items: [{ subject: `/CN=${active}`, state: 'valid' }], total: 1 });
    expect((await client.authority.listRegister({ state: 'revoked' })).total).toBe(2);
    const serialNumber = items[0]?.serialNumber ?? '';
    const authority = await client.authority.revokeRegistered({ serialNumber, reason: 'keyCompromise' });
    expect(authority.crl).toMatchObject({ number: '3', revokedCount: 3 });
    expect(inspectCrl(await (await client.authority.crlFile()).text()).revokedSerialNumbers).toContain(serialNumber);
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    expect((await client.authority.listRegister({ query: serialNumber })).items).toMatchObject([
      { state: 'revoked', revocationReason: 'keyCompromise' },
    ]);
    const again = client.authority.revokeRegistered({ serialNumber, reason: 'superseded' });
    await expect(again).rejects.toMatchObject({ code: 'authority/registered-revoked' });
    const unknown = client.authority.revokeRegistered({ serialNumber: 'ff', reason: 'superseded' });
    await expect(unknown).rejects.toMatchObject({ code: 'authority/not-registered' });
  });

  it.each([
    ['/C=US/O=Fort-Funston/CN=Fort-Funston CA/name=EasyRSA', { emergency: false }],
    ['/C=US/O=Fort-Funston/CN=Fort-Funston CA/name=EasyRSA', { emergency: true }],
    ['/C=cz/O=Acme/street=Dlouhá 1/CN=Root/2.5.4.65=by easy-rsa', { emergency: false }],
  ])('is followed by another, also where it is called what this console calls none: %s, %o', async (subject, how) => {
    const { client } = await open();
    const [crt, key] = [join(pki.directory, 'named.crt'), join(pki.directory, 'named.key')];
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-utf8'],
      ...['-subj', subject, '-keyout', key, '-out', crt],
    ]);
    await client.authority.import({
      files: [sentFile('ca.crt', await readFile(crt)), sentFile('ca.key', await readFile(key))],
    });
    const { authorities } = await client.rollover.start(how);
    expect(authorities.at(-1)?.subject).toBe(
      authorities[0]?.subject.replace(/CN=[^/]+/, (commonName) => `${commonName} G2`),
    );
  });

  it('is taken in once, and into an empty vault only', async () => {
    const { client } = await open();
    await client.plants.create({ name: 'Pump 4', authMethod: 'MTLS' });
    await expect(client.authority.import({ files })).rejects.toMatchObject({ code: 'authority/vault-not-empty' });
    const { client: other } = await open();
    await other.authority.import({ files });
    await expect(other.authority.import({ files })).rejects.toMatchObject({ code: 'authority/exists', status: 409 });
  });

  it('is refused whole when a part of it does not fit, and then nothing has changed', async () => {
    const { client } = await open();
    const other = await OpensslPki.create('Another root');
    const theirs = await other.issueDevice(active);
    const before = await client.audit.list({});
    const cases: [SentFile[], string][] = [
      [changed(`devices/${active}/device.key`, theirs.keyPem), 'authority/import-mismatch'],
      [changed(`devices/${active}/device.crt`, theirs.certificatePem), 'authority/import-mismatch'],
      [changed('ca.key', await readFile(join(other.directory, 'ca.key'))), 'authority/import-mismatch'],
      [changed('ca.crl', await other.crlPem()), 'authority/import-mismatch'],
      [changed('index.txt', 'V\tnever\n'), 'authority/index-invalid'],
      [without('ca.key'), 'authority/import-incomplete'],
      [without('ca.crt'), 'authority/import-incomplete'],
      [[{ name: 'ca.crt', content: 'no base64!' }], 'authority/import-unreadable'],
      [[sentFile('ca.crt', Buffer.alloc(25 * 1024 * 1024))], 'authority/import-too-large'],
    ];
    for (const [offered, code] of cases) {
      await expect(client.authority.import({ files: offered })).rejects.toMatchObject({ code });
    }
    expect(await client.audit.list({})).toEqual(before);
    await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found' });
    await other.remove();
  });

  it('names every file that does not fit', async () => {
    const { client } = await open();
    const other = await OpensslPki.create('Another root');
    const theirs: SentFile[] = [];
    for (const id of [active, revoked]) {
      theirs.push(sentFile(`${id}.pem`, (await other.issueDevice(id)).certificatePem));
    }
    await expect(client.authority.previewImport({ files: [...files, ...theirs] })).rejects.toMatchObject({
      code: 'authority/import-mismatch',
      data: { fields: theirs.map(({ name }) => expect.objectContaining({ field: name }) as object) },
    });
    await other.remove();
  });

  it('is taken out again when the vault is locked in the middle of it, and can be imported anew', async () => {
    const { client, core } = await open();
    const importing = client.authority.import({ files });
    const ended = expect(importing).rejects.toMatchObject({ code: 'vault/locked' });
    while ((await client.plants.list({})).total === 0) await nextTurn();
    core.lock('a test');
    await ended;
    await client.vault.unlock({ passphrase });
    await until(async () => {
      const [job] = await client.jobs.list();
      return job?.kind === 'import' && job.state === 'succeeded';
    });
    expect((await client.plants.list({})).total).toBe(0);
    expect((await client.authority.listCertificates({})).total).toBe(0);
    await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found' });
    expect(await client.authority.import({ files })).toMatchObject({ crl: { number: '2' } });
  });
});
