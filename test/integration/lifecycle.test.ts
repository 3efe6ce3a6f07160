// The lifecycle of a plant as a program sees it: through the contract, on a real vault.

import 'reflect-metadata';

import { createPublicKey, X509Certificate } from 'node:crypto';
import { X509Crl } from '@peculiar/x509';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenKeyFileName } from '../../shared/contract/authority.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';

let console: TestConsole;
afterEach(() => disposeChecked(console));

const addPlant = (authMethod: AuthMethod, plantId?: string) =>
  console.client.plants.create({ name: `A ${authMethod} plant`, authMethod, ...(plantId && { plantId }) });

const revokedSerials = async () => {
  const file = await console.client.authority.crlFile();
  return new X509Crl(await file.text()).entries.map(({ serialNumber }) => serialNumber.toLowerCase());
};

describe('a vault without anything in it', () => {
  beforeEach(async () => {
    console = await startConsole();
  });

  it('says what is missing, step by step', async () => {
    const { client } = console;
    await expect(client.plants.list({})).rejects.toMatchObject({ code: 'vault/absent', status: 409 });
    await client.vault.create({ passphrase });
    const plant = await addPlant('MTLS');
    await expect(client.plants.provision(plant)).rejects.toMatchObject({ code: 'authority/absent', status: 409 });
    await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found', status: 404 });
    await client.vault.lock();
    await expect(client.plants.list({})).rejects.toMatchObject({ code: 'vault/locked', status: 423 });
    await expect(client.vault.unlock({ passphrase: 'not the passphrase' })).rejects.toMatchObject({
      code: 'vault/wrong-passphrase',
    });
    expect(await client.vault.unlock({ passphrase })).toEqual({ state: 'unlocked' });
  });

  it('makes one authority with an empty CRL, and no second one', async () => {
    const { client } = console;
    await client.vault.create({ passphrase });
    const authority = await client.authority.create({ keyAlgorithm: 'EC-P256' });
    expect(authority).toMatchObject({ crl: { number: '1', revokedCount: 0 } });
    const root = new X509Certificate(await (await client.authority.certificateFile()).text());
    expect(root.subject.split('\n').reverse().join()).toBe('CN=CPI Root CA,O=CPI IoT Platform,ST=Prague,C=CZ');
    expect(Math.round((root.validToDate.getTime() - Date.now()) / 86_400_000)).toBe(3650);
    expect(await revokedSerials()).toEqual([]);
    await expect(client.authority.create({})).rejects.toMatchObject({ code: 'authority/exists', status: 409 });
  });
});

it('hands out the public token key in the forms of the JWT document', async () => {
  console = await startCommissioned();
  const file = async (name: TokenKeyFileName) =>
    Buffer.from(await (await console.client.authority.tokenKeyFile({ file: name })).arrayBuffer());
  const spki = createPublicKey(await file('jwt-public.pem'));
  const forms = [
    createPublicKey({ key: await file('jwt-public.der'), format: 'der', type: 'pkcs1' }),
    createPublicKey({ key: await file('jwt-public-spki.der'), format: 'der', type: 'spki' }),
  ];
  for (const form of forms) expect(form.equals(spki)).toBe(true);
  const { plantId } = await addPlant('TOKEN');
  const { token } = await console.client.plants.issueToken({ plantId });
  await expect(jwtVerify(token, spki, { algorithms: ['RS256'] })).resolves.toBeDefined();
});

describe('a plant', () => {
  beforeEach(async () => {
    console = await startCommissioned();
  });

  it('with a password gets the package of the document, once and once more', async () => {
    const { client } = console;
    const { plantId } = await addPlant('PASSWORD', 'A1B2C3D4-0000-0000-0000-000000000001');
    expect(plantId).toBe('a1b2c3d4-0000-0000-0000-000000000001');
    const given = await client.plants.provision({ plantId });
    const { tls, hmacSecret, auth, ...rest } = given;
    expect(rest).toEqual({
      plantId,
      authMethod: 'PASSWORD',
      connection: { broker: 'mqtts://localhost', port: 8885, useTls: true, clientId: 'plc-a1b2c3d4' },
      topics: {
        telemetry: `cpi/${plantId}/telemetry`,
        command: `cpi/${plantId}/command`,
        ack: `cpi/${plantId}/ack`,
        status: `cpi/${plantId}/status`,
        alarm: `cpi/${plantId}/alarm`,
      },
      recommended: { qos: 1, keepAlive: 60 },
    });
    expect(auth).toEqual({ username: 'plc-a1b2c3d4', password: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
    expect(hmacSecret.length).toBeGreaterThanOrEqual(32);
    expect(tls.caCertPem).toContain('BEGIN CERTIFICATE');

    const download = await client.plants.download({ plantId });
    expect(download.body).toEqual(given);
    expect(download.headers['content-disposition']).toMatch(/^attachment; filename=/);
    await expect(client.plants.download({ plantId })).rejects.toMatchObject({
      code: 'credential/handed-over',
      status: 410,
    });
  });

  it('with a certificate gets one for its UUID, and its key nowhere else', async () => {
    const { client } = console;
    const { plantId } = await addPlant('MTLS');
    const { auth, connection } = await client.plants.provision({ plantId });
    if (!('deviceCertPem' in auth)) throw new Error('no certificate');
    const certificate = new X509Certificate(auth.deviceCertPem);
    expect(certificate.subject).toBe(`CN=${plantId}`);
    expect(certificate.subjectAltName).toBe(`URI:urn:uuid:${plantId}`);
    expect(connection).toMatchObject({ clientId: plantId, port: 8883 });
    const { items } = await client.authority.listCertificates({ kind: 'device' });
    expect(items).toMatchObject([{ plantId, state: 'issued', keyAlgorithm: 'RSA-2048' }]);
    expect(JSON.stringify(items)).not.toContain('PRIVATE');
  });

  it('with a token gets one that names its topics, and others for at most 24 hours', async () => {
    const { client } = console;
    const { plantId } = await addPlant('TOKEN');
    const { auth } = await client.plants.provision({ plantId });
    if (!('token' in auth)) throw new Error('no token');
    expect(decodeJwt(auth.token)).toMatchObject({
      sub: plantId,
      publ: expect.arrayContaining([`cpi/${plantId}/telemetry`]),
    });
    const { token, expiresAt } = await client.plants.issueToken({ plantId });
    const { iat = 0, exp = 0, subs } = decodeJwt<{ subs: string[] }>(token);
    expect(exp - iat).toBe(3600);
    expect(new Date(expiresAt).getTime()).toBe(exp * 1000);
    expect(subs).toContain(`cpi/${plantId}/command`);
    await expect(client.plants.issueToken({ plantId, ttlSeconds: 86_401 })).rejects.toMatchObject({
      code: 'credential/ttl-too-long',
      status: 400,
    });
    const other = await addPlant('MTLS');
    await expect(client.plants.issueToken({ plantId: other.plantId })).rejects.toMatchObject({
      code: 'plant/wrong-auth-method',
      status: 409,
    });
  });

  it('can have a certificate with an EC key', async () => {
    const { client } = console;
    const { plantId } = await addPlant('MTLS');
    const { auth } = await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
    if (!('deviceCertPem' in auth)) throw new Error('no certificate');
    expect(new X509Certificate(auth.deviceCertPem).publicKey.asymmetricKeyDetails).toEqual({
      namedCurve: 'prime256v1',
    });
  });

  it('that is ACTIVE is not provisioned but rotated, and keeps the old credential until the new one is proven', async () => {
    const { client } = console;
    const { plantId } = await addPlant('MTLS');
    await expect(client.plants.rotate({ plantId })).rejects.toMatchObject({ code: 'plant/wrong-status' });
    await client.plants.provision({ plantId });
    expect(await client.plants.activate({ plantId })).toMatchObject({ status: 'ACTIVE' });
    await expect(client.plants.provision({ plantId })).rejects.toMatchObject({
      code: 'plant/active',
      status: 409,
      message: expect.stringContaining('revoke'),
    });
    await client.plants.rotate({ plantId });
    const states = async () => (await client.plants.credentials({ plantId })).map(({ state }) => state);
    expect(await states()).toEqual(['issued', 'active']);
    expect(await revokedSerials()).toEqual([]);
    const [next, old] = await client.plants.credentials({ plantId });
    expect(await client.plants.get({ plantId })).toMatchObject({ credentialWaits: true });
    await client.plants.activate({ plantId });
    expect(await states()).toEqual(['active', 'superseded']);
    expect(await revokedSerials()).toEqual([old?.certificateSerialNumber]);
    expect(await client.plants.get({ plantId })).toMatchObject({
      credentialExpiresAt: next?.expiresAt,
      credentialWaits: false,
    });
  });

  it('that is revoked is on the CRL, and can be provisioned again', async () => {
    const { client } = console;
    const { plantId } = await addPlant('MTLS');
    await client.plants.provision({ plantId });
    await client.plants.activate({ plantId });
    expect(await client.plants.revoke({ plantId, reason: 'keyCompromise' })).toMatchObject({ status: 'REVOKED' });
    const [credential] = await client.plants.credentials({ plantId });
    expect(credential).toMatchObject({ state: 'revoked', secretsAvailable: false });
    expect(await revokedSerials()).toEqual([credential?.certificateSerialNumber]);
    expect(await client.authority.get()).toMatchObject({ crl: { number: '2', revokedCount: 1 } });
    await expect(client.plants.download({ plantId })).rejects.toMatchObject({ code: 'credential/not-found' });
    await expect(client.plants.revoke({ plantId })).rejects.toMatchObject({ code: 'plant/wrong-status' });
    await client.plants.provision({ plantId });
    expect(await client.plants.get({ plantId })).toMatchObject({ status: 'PENDING' });
  });

  it('is deleted only without a credential that could connect, and changes its method only then', async () => {
    const { client } = console;
    const { plantId } = await addPlant('PASSWORD');
    expect(await client.plants.update({ plantId, authMethod: 'MTLS', site: 'Brno' })).toMatchObject({
      authMethod: 'MTLS',
      site: 'Brno',
      username: plantId,
    });
    await client.plants.provision({ plantId });
    await expect(client.plants.delete({ plantId })).rejects.toMatchObject({ code: 'plant/has-credentials' });
    await expect(client.plants.update({ plantId, authMethod: 'TOKEN' })).rejects.toMatchObject({
      code: 'plant/has-credentials',
    });
    await client.plants.revoke({ plantId });
    await client.plants.delete({ plantId });
    await expect(client.plants.get({ plantId })).rejects.toMatchObject({ code: 'plant/not-found', status: 404 });
    // What was revoked stays revoked.
    expect(await revokedSerials()).toHaveLength(1);
  });

  it.each([
    ['an id that is no UUID', { name: 'A', authMethod: 'MTLS', plantId: 'not-a-uuid' }, 'plantId'],
    ['a name with control characters', { name: 'A\u0007B', authMethod: 'MTLS' }, 'name'],
    ['a name that is only white space', { name: '  ', authMethod: 'MTLS' }, 'name'],
    ['a name that turns writing around', { name: 'A\u202eB', authMethod: 'MTLS' }, 'name'],
    ['an unknown auth method', { name: 'A', authMethod: 'KERBEROS' }, 'authMethod'],
  ])('with %s is refused with the field named', async (_what, input, field) => {
    const { client } = console;
    await expect(client.plants.create(input as never)).rejects.toMatchObject({
      code: 'input/invalid',
      status: 400,
      data: { fields: [{ field, message: expect.any(String) }] },
    });
    expect((await client.plants.list({})).total).toBe(0);
  });

  it('that would share its id or MQTT username with another is refused', async () => {
    const { client } = console;
    await addPlant('PASSWORD', 'a1b2c3d4-0000-0000-0000-000000000001');
    await expect(addPlant('MTLS', 'a1b2c3d4-0000-0000-0000-000000000001')).rejects.toMatchObject({
      code: 'plant/exists',
      status: 409,
    });
    await expect(addPlant('PASSWORD', 'a1b2c3d4-0000-0000-0000-000000000002')).rejects.toMatchObject({
      code: 'plant/username-taken',
      status: 409,
    });
    const certificate = await addPlant('MTLS', 'a1b2c3d4-0000-0000-0000-000000000002');
    await expect(client.plants.update({ plantId: certificate.plantId, authMethod: 'PASSWORD' })).rejects.toMatchObject({
      code: 'plant/username-taken',
    });
    expect((await client.plants.list({})).total).toBe(2);
  });

  it('is revoked once when two ask at the same time, and the CRL holds every one of many', async () => {
    const { client } = console;
    const plants = await Promise.all(Array.from({ length: 4 }, () => addPlant('MTLS')));
    await Promise.all(plants.map(({ plantId }) => client.plants.provision({ plantId })));
    const twice = [...plants, ...plants].map(({ plantId }) => client.plants.revoke({ plantId }));
    const outcomes = await Promise.allSettled(twice);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await revokedSerials()).toHaveLength(4);
    expect((await client.audit.list({})).firstBroken).toBeNull();
  });
});

it('keeps every secret out of the audit trail', async () => {
  console = await startCommissioned();
  const { client } = console;
  const secrets: string[] = [];
  for (const authMethod of ['MTLS', 'PASSWORD', 'TOKEN'] as const) {
    const { plantId } = await addPlant(authMethod);
    const { auth, hmacSecret } = await client.plants.provision({ plantId });
    secrets.push(hmacSecret);
    if ('password' in auth) secrets.push(auth.password);
    if ('token' in auth) secrets.push(auth.token);
    if ('deviceKeyPem' in auth) secrets.push(auth.deviceKeyPem.split('\n')[3] ?? '');
  }
  const trail = JSON.stringify(await client.audit.list({}));
  for (const secret of secrets) expect(trail).not.toContain(secret);
});
