// The handover record of a real console, verified as its reader would: with the openssl program and nothing else.

import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { recordingPath } from '../../electron/operations/recordings.ts';
import { type HandoverRecord, handoverRecordSchema } from '../../shared/model/handover.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { startLoopback } from '../support/loopback.ts';
import { run } from '../support/processes.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { vaultFile } from '../support/vault.ts';

const people = { by: 'Ada <b>Lovelace</b>', to: 'Charles & Sons', remark: 'First line\nSecond line' };

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

/** A plant of each method, two of them in a hall; what was issued to them. */
async function plants() {
  const packages: ProvisioningPackage[] = [];
  for (const [authMethod, site] of [
    ['MTLS', 'Hall 1'],
    ['PASSWORD', 'Hall 1'],
    ['TOKEN', null],
  ] as const) {
    const { plantId } = await console.client.plants.create({ name: `Pump ${authMethod}`, site, authMethod });
    packages.push(await console.client.plants.provision({ plantId }));
  }
  return packages;
}

/** A recording that was imported, and so is said to have no count of what it misses. */
async function recording() {
  const line = (time: number) =>
    `${JSON.stringify({ time, topic: 'cpi/x/telemetry', payloadBase64: 'NyBiYXI=', qos: 1, retain: false })}\n`;
  const file = new File([gzipSync(line(1) + line(2))], 'trial.ndjson.gz');
  return await console.client.recordings.import({ file, note: 'Trial of the pump' });
}

/** The archive in a folder of the test's own. */
async function unpacked(archive: File) {
  const folder = await mkdtemp(join(tmpdir(), 'voke-handover-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names: string[] = [];
  for (const { header, data } of await unpackTar(new Uint8Array(await archive.arrayBuffer()))) {
    if (header.type !== 'file') continue;
    await mkdir(dirname(join(folder, header.name)), { recursive: true });
    await writeFile(join(folder, header.name), data ?? new Uint8Array());
    names.push(header.name);
  }
  const root = join(folder, names[0]?.split('/')[0] ?? '');
  const record: HandoverRecord = JSON.parse(await readFile(join(root, 'handover.json'), 'utf8'));
  return { root, record, names: names.map((name) => name.slice(name.indexOf('/') + 1)).sort() };
}

/** The command of README.txt, as it stands there. */
async function verify(root: string): Promise<string> {
  const readme = await readFile(join(root, 'README.txt'), 'utf8');
  const command = /^openssl cms .*$/m.exec(readme)?.[0] ?? '';
  return await run('sh', ['-c', `cd '${root}' && ${command} 2>&1`]);
}

const made = async (input: Partial<Parameters<typeof console.client.handovers.make>[0]> = {}) => {
  const handover = await console.client.handovers.make({ ...people, ...input });
  return { handover, ...(await unpacked(await console.client.handovers.file({ number: handover.number }))) };
};

describeWith('openssl')('a handover record', () => {
  it('says what was commissioned, and is signed for all of its files', async () => {
    const { client } = console;
    const brokerId = await addLocalBroker(console, { kind: 'practice' });
    const [mtls, password] = (await plants()).map(({ plantId }) => plantId) as [PlantId, PlantId, PlantId];
    await endOf(console, await client.brokers.push({ brokerId }));
    await client.plants.download({ plantId: mtls });
    await client.plants.activate({ plantId: mtls });
    const { recordingId, sha256 } = await recording();

    const { handover, root, record, names } = await made({ recordingIds: [recordingId], withRecordings: true });
    expect(handoverRecordSchema.parse(record)).toEqual(record);
    expect(names).toEqual([
      'README.txt',
      'ca.crt',
      'handover.html',
      'handover.json',
      'handover.json.p7s',
      `recordings/${recordingId}.ndjson.gz`,
      'signer.crt',
    ]);
    expect(await verify(root)).toContain('CMS Verification successful');
    for (const { name, sha256: expected } of record.files) {
      expect(await run('openssl', ['dgst', '-sha256', '-r', join(root, name)])).toContain(expected);
    }
    expect(record.files.map(({ name }) => name).sort()).toEqual(
      names.filter((name) => !name.startsWith('handover.json')),
    );

    const authority = await client.authority.get();
    expect(record).toMatchObject({
      number: 1,
      ...people,
      madeBy: 'tester',
      consoleVersion: '0.0.0-test',
      scope: { kind: 'all' },
      authorities: [{ state: 'current', fingerprint: authority.fingerprint, crlNumber: authority.crl.number }],
      recordings: [{ recordingId, sha256, note: 'Trial of the pump' }],
    });
    const [broker] = record.brokers;
    expect(broker).toMatchObject({ brokerId, target: 'practice', lastPushedAt: expect.any(String) });
    expect(Object.keys(broker?.files ?? {})).toContain('mosquitto.conf');
    expect(Object.keys(broker?.files ?? {})).not.toContain('server.key');
    const certificates = (await client.authority.listCertificates({})).items;
    const own = certificates.find(({ plantId }) => plantId === mtls);
    expect(record.plants.find(({ plantId }) => plantId === mtls)).toMatchObject({
      site: 'Hall 1',
      status: 'ACTIVE',
      credential: {
        kind: 'certificate',
        state: 'active',
        serialNumber: own?.serialNumber,
        fingerprint: own?.fingerprint,
        deployedBy: 'file',
        deployedAt: expect.any(String),
        firstSessionAt: null,
        confirmedAt: expect.any(String),
      },
    });
    expect(record.plants.find(({ plantId }) => plantId === password)).toMatchObject({
      status: 'PENDING',
      credential: { kind: 'password', isWaiting: true, deployedAt: null, serialNumber: null, fingerprint: null },
    });
    expect(record.remarks.map(({ kind }) => kind)).toEqual([
      'practiceBroker',
      'plantNotActive',
      'credentialNotProven',
      'plantNotActive',
      'recordingIncomplete',
    ]);

    const signer = certificates.find(({ serialNumber }) => serialNumber === handover.certificateSerialNumber);
    expect(signer).toMatchObject({ kind: 'document', subject: '/CN=Handover record 1', notAfter: authority.notAfter });
    const { items } = await client.audit.list({});
    const line = items.find(({ sequence }) => sequence === handover.auditSequence);
    expect(line).toMatchObject({ action: 'handover.made', details: { sha256: handover.sha256 } });
    const before = items.find(({ sequence }) => sequence === handover.auditSequence - 1);
    expect(record.audit).toEqual({ sequence: before?.sequence, hash: before?.hash });
    expect(await run('openssl', ['dgst', '-sha256', '-r', join(root, 'handover.json')])).toContain(handover.sha256);
    expect(await client.handovers.list()).toEqual([handover]);
  });

  it('is refused by openssl when a byte of it is another, or under another authority', async () => {
    await plants();
    const { root } = await made();
    const path = join(root, 'handover.json');
    const whole = await readFile(path);
    const forged = Buffer.from(whole);
    forged[100] = (forged[100] ?? 0) ^ 1;
    await writeFile(path, forged);
    await expect(verify(root)).rejects.toThrow();
    await writeFile(path, whole);
    expect(await verify(root)).toContain('successful');
    const other = await startCommissioned();
    onTestFinished(() => other.dispose());
    await writeFile(join(root, 'ca.crt'), await (await other.client.authority.certificateFile()).text());
    await expect(verify(root)).rejects.toThrow();
  });

  it('holds no secret of the vault, and no hash of a password', async () => {
    const { client, dataDirectory } = console;
    const brokerId = await addLocalBroker(console, { kind: 'practice' });
    const packages = await plants();
    await endOf(console, await client.brokers.push({ brokerId }));
    const { recordingId } = await recording();
    const { root, names } = await made({ recordingIds: [recordingId], withRecordings: true });
    const { items } = await client.authority.listCertificates({});
    await client.vault.lock();
    const vault = await vaultFile(join(dataDirectory, 'vault.voke')).unlock(passphrase);
    const keys = [
      ...vault.authorities.list().map(({ authorityId }) => vault.authorities.privateKeyPem(authorityId)),
      ...vault.tokenKeys.list().map(({ keyId }) => vault.tokenKeys.privateKeyPem(keyId)),
      ...items.flatMap(({ serialNumber }) => vault.certificates.privateKeyPem(serialNumber) ?? []),
      ...packages.flatMap(({ auth }) => ('deviceKeyPem' in auth ? [auth.deviceKeyPem] : [])),
    ];
    const secrets = [
      // The last line of an EC key is public: its point.
      ...keys.flatMap((pem) => pem.split('\n').slice(1, -3)),
      ...packages.flatMap(({ auth, hmacSecret }) => [
        hmacSecret,
        ...('password' in auth ? [auth.password] : []),
        ...('token' in auth ? [auth.token, ...auth.token.split('.').slice(1)] : []),
      ]),
      ...vault.credentials.listInStates(['issued', 'active']).flatMap(({ passwordHash }) => passwordHash ?? []),
      vault.brokers.probePassword(brokerId),
      ...['PRIVATE KEY', '$7$'],
    ];
    expect(keys.length).toBeGreaterThanOrEqual(5);
    expect(secrets.filter((secret) => secret.length < 3)).toEqual([]);
    for (const name of names) {
      const content = await readFile(join(root, name), 'latin1');
      expect(secrets.filter((secret) => content.includes(secret))).toEqual([]);
    }
    // The key that signed is nowhere.
    const signers = vault.certificates.list({ kind: 'document' }).items;
    expect(signers.map(({ serialNumber }) => vault.certificates.privateKeyPem(serialNumber))).toEqual([undefined]);
  });

  it('is given again byte for byte, also after everything that it names has changed', async () => {
    const { client } = console;
    const [first] = await plants();
    if (!first) throw new Error('no plant');
    const { recordingId } = await recording();
    const { number } = await client.handovers.make({ ...people, recordingIds: [recordingId], withRecordings: true });
    const given = Buffer.from(await (await client.handovers.file({ number })).arrayBuffer());
    await client.plants.update({ plantId: first.plantId, name: 'Another name' });
    await client.plants.revoke({ plantId: first.plantId });
    const again = await client.handovers.file({ number });
    expect(again.name).toMatch(/^handover-0001-\d{4}-\d\d-\d\d\.tar$/);
    expect(Buffer.from(await again.arrayBuffer()).equals(given)).toBe(true);
    await appendFile(recordingPath(join(console.dataDirectory, 'recordings'), recordingId), 'x');
    await expect(client.handovers.file({ number })).rejects.toMatchObject({ code: 'handover/recording-changed' });
    await client.recordings.delete({ recordingId });
    await expect(client.handovers.file({ number })).rejects.toMatchObject({ code: 'recording/file-missing' });
    const without = await unpacked(await client.handovers.file({ number, recordings: 'no' }));
    expect(without.names).not.toContain(`recordings/${recordingId}.ndjson.gz`);
    expect(await verify(without.root)).toContain('successful');
    await expect(client.handovers.file({ number: 9 })).rejects.toMatchObject({ code: 'handover/not-found' });
  });

  it('is about a site or chosen plants, and tells before what it would remark', async () => {
    const { client } = console;
    const packages = await plants();
    const hall = await made({ plants: { kind: 'site', site: 'Hall 1' } });
    expect(hall.record.plants.map(({ name }) => name)).toEqual(['Pump MTLS', 'Pump PASSWORD']);
    expect(hall.record.scope).toEqual({ kind: 'site', site: 'Hall 1' });
    const plantIds = packages.slice(2).map(({ plantId }) => plantId);
    const chosen = await made({ plants: { kind: 'plants', plantIds: [...plantIds, ...plantIds] } });
    expect(chosen.record).toMatchObject({ number: 2, scope: { kind: 'plants' }, plants: [{ name: 'Pump TOKEN' }] });
    const preview = await client.handovers.preview({ plants: { kind: 'site', site: null } });
    expect(preview).toMatchObject({ plants: 1, active: 0, remarkCount: 1, remarks: chosen.record.remarks });
    await expect(client.handovers.make({ ...people, plants: { kind: 'site', site: 'Hall 9' } })).rejects.toMatchObject({
      code: 'handover/no-plants',
    });
  });

  it('is signed by the authority that issues, while another one is followed', async () => {
    const { client } = console;
    await plants();
    await client.rollover.start({ keyAlgorithm: 'RSA-3072' });
    const before = await made();
    expect(before.record.authorities.map(({ state }) => state)).toEqual(['current', 'next']);
    expect(await verify(before.root)).toContain('successful');
    await client.rollover.issue({ insist: true });
    const after = await made();
    expect(after.record.authorities).toMatchObject([
      { state: 'current', keyAlgorithm: 'RSA-3072' },
      { state: 'retiring' },
    ]);
    expect(after.record.remarks.map(({ kind }) => kind)).toContain('authorityChanging');
    expect(await verify(after.root)).toContain('successful');
  });
});

it('is made and fetched over REST, and says what is wrong as a problem', async () => {
  await plants();
  const { recordingId } = await recording();
  const loopback = await startLoopback(console.core);
  const path = '/api/v1/handovers';
  const wishes = { plants: { kind: 'site', site: 'Hall 1' }, recordingIds: [recordingId] };
  const preview = await loopback.call('POST', `${path}/preview`, wishes);
  expect(preview).toMatchObject({ status: 200, json: { plants: 2, remarkCount: 3 } });
  const answer = await loopback.call('POST', path, { ...people, ...wishes, withRecordings: true });
  expect(answer).toMatchObject({ status: 201, json: { number: 1, plants: 2, recordingIds: [recordingId] } });
  expect(await loopback.call('GET', path)).toMatchObject({ status: 200, json: [answer.json] });
  const file = await fetch(`${loopback.origin}${path}/1/file`, { headers: loopback.bearer });
  expect(file.headers.get('content-disposition')).toContain('handover-0001-');
  const { names, record } = await unpacked(new File([await file.arrayBuffer()], 'handover.tar'));
  expect(names).toContain(`recordings/${recordingId}.ndjson.gz`);
  expect(record.madeBy).not.toBe('');
  for (const [input, status, code] of [
    [{ ...people, by: ' ' }, 400, 'input/invalid'],
    [{ ...people, remark: 'a\u202eb' }, 400, 'input/invalid'],
    [{ ...people, plants: { kind: 'site', site: 'Hall 9' } }, 422, 'handover/no-plants'],
    [{ ...people, recordingIds: [crypto.randomUUID()] }, 404, 'recording/not-found'],
  ] as const) {
    expect(await loopback.call('POST', path, input)).toMatchObject({ status, json: { code } });
  }
  expect(await loopback.call('GET', `${path}/2/file`)).toMatchObject({
    status: 404,
    json: { code: 'handover/not-found' },
  });
});

it('has every plant once, whatever they are called meanwhile, and says that the vault came from a backup', async () => {
  const { client } = console;
  const names = Array.from({ length: 170 }, (_, i) => `A ${String(i).padStart(3, '0')}`);
  await endOf(
    console,
    await client.plants.import({ csv: `name,auth method\n${names.map((name) => `${name},MTLS`).join('\n')}\n` }),
  );
  const { items } = await client.plants.list({ limit: 200 });
  const making = client.handovers.make(people);
  for (const { plantId, name } of items.slice(0, 100)) {
    await client.plants.update({ plantId, name: `Z${name}` });
    await new Promise(setImmediate);
  }
  const { number } = await making;
  const { record } = await unpacked(await client.handovers.file({ number }));
  expect(record.plants.map(({ plantId }) => plantId).sort()).toEqual(items.map(({ plantId }) => plantId).sort());
  expect(record.remarks.map(({ kind }) => kind)).not.toContain('vaultRestored');

  const backup = await client.vault.backup();
  await client.handovers.make(people);
  await client.vault.restore({ passphrase, backup });
  const again = await made();
  expect(again.handover.number).toBe(number + 1);
  expect(again.record.remarks[0]).toMatchObject({ kind: 'vaultRestored', name: 'Audit trail' });
  const kept = await unpacked(await client.handovers.file({ number }));
  expect(kept.record).toEqual(record);
});

it('refuses a recording whose file is gone or is another, and makes nothing', async () => {
  const { client, dataDirectory } = console;
  await plants();
  const { recordingId } = await recording();
  const path = recordingPath(join(dataDirectory, 'recordings'), recordingId);
  const order = { ...people, recordingIds: [recordingId] };
  await appendFile(path, 'x');
  await expect(client.handovers.make(order)).rejects.toMatchObject({ code: 'handover/recording-changed' });
  await rm(path);
  await expect(client.handovers.make(order)).rejects.toMatchObject({ code: 'recording/file-missing' });
  expect(await client.handovers.list()).toEqual([]);
  expect((await client.authority.listCertificates({ kind: 'document' })).total).toBe(0);
});

it('needs an open vault and an authority', async () => {
  await plants();
  await console.client.vault.lock();
  await expect(console.client.handovers.make(people)).rejects.toMatchObject({ code: 'vault/locked' });
  const empty = await startConsole();
  onTestFinished(() => empty.dispose());
  await empty.client.vault.create({ passphrase });
  await expect(empty.client.handovers.make(people)).rejects.toMatchObject({ code: 'authority/absent' });
});
