// What whoever issues a certificate may wish for: kinds of keys, validities, a key that somebody else made.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { issueCertificate } from '../../electron/authority/leaf.ts';
import { lintCertificate } from '../../electron/authority/lint/certificate.ts';
import { createAuthority } from '../../electron/authority/root.ts';
import { type LeafKeyAlgorithm, leafKeyAlgorithms } from '../../shared/model/certificate.ts';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { startTlsMosquitto } from '../support/tls-mosquitto.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const addPlant = async () => (await console.client.plants.create({ name: 'Pump', authMethod: 'MTLS' })).plantId;

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-issue-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('a validity', () => {
  const issued = async (validity: LeafValidity) => {
    const plantId = await addPlant();
    const { auth } = await console.client.plants.provision({ plantId, keyAlgorithm: 'EC-P256', validity });
    if (!('deviceCertPem' in auth)) throw new Error('no certificate');
    const { validFromDate, validToDate } = new X509Certificate(auth.deviceCertPem);
    return { from: validFromDate, to: validToDate, pem: auth.deviceCertPem, plantId };
  };
  const day = 86_400_000;

  it('is by days, to the authority’s end, to a date, or without a well-defined end', async () => {
    const authority = await console.client.authority.get();
    const byDays = await issued({ days: 90 });
    expect(Math.round((byDays.to.getTime() - Date.now()) / day)).toBe(90);
    expect(byDays.from.toISOString()).toBe(authority.notBefore);
    expect((await issued({ notAfter: 'authority' })).to.toISOString()).toBe(authority.notAfter);
    const soon = new Date(Math.floor(Date.now() / 1000) * 1000 + 3 * day);
    expect((await issued({ notAfter: soon.toISOString() })).to).toEqual(soon);
    const from = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000);
    expect((await issued({ notBefore: from.toISOString() })).from).toEqual(from);

    const endless = await issued({ notAfter: 'none' });
    expect(endless.to.toISOString()).toBe('9999-12-31T23:59:59.000Z');
    const root = await (await console.client.authority.certificateFile()).text();
    expect(lintCertificate(endless.pem, { kind: 'client', issuerPem: root })).toEqual([]);
    expect((await console.client.authority.expiries()).map(({ plantId }) => plantId)).not.toContain(endless.plantId);
  });

  it.each<LeafValidity>([
    { notBefore: '2000-01-01T00:00:00Z' },
    { notAfter: '2000-01-01T00:00:00Z' },
    { notAfter: '2100-01-01T00:00:00Z' },
    { days: 20_000 },
    { notBefore: '2099-01-01T00:00:00Z', days: 30 },
  ])('that runs backwards or leaves the authority’s is refused, and nothing is issued: %j', async (validity) => {
    await expect(issued(validity)).rejects.toMatchObject({ code: 'authority/invalid-validity', status: 400 });
    expect((await console.client.authority.listCertificates({ kind: 'device' })).total).toBe(0);
  });

  it('is days or an end, not both', async () => {
    await expect(issued({ days: 3, notAfter: 'none' })).rejects.toMatchObject({ code: 'input/invalid' });
  });
});

describeWith('openssl', 'mosquitto')('a certificate request', () => {
  const request = async (folder: string, options: { key?: readonly string[]; wishes?: string; name?: string } = {}) => {
    const { key = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], wishes = '', name = 'hmi-7' } = options;
    const [keyFile, config, out] = [join(folder, 'key.pem'), join(folder, 'conf'), join(folder, 'csr')];
    await run('openssl', ['genpkey', ...key, '-out', keyFile]);
    await writeFile(
      config,
      `[req]\ndistinguished_name=n\nprompt=no\nreq_extensions=w\n[n]\nCN=${name}\n[w]\n${wishes}`,
    );
    await run('openssl', ['req', '-new', '-config', config, '-key', keyFile, '-out', out]);
    return await readFile(out, 'utf8');
  };

  it('has its wishes shown, and only its key taken', async () => {
    const { client } = console;
    const folder = await scratch();
    const plantId = await addPlant();
    const text = await request(folder, {
      wishes: 'subjectAltName=DNS:mqtt.example.com\nextendedKeyUsage=serverAuth\n',
    });
    const shown = await client.offline.readRequest({ plantId, request: text });
    expect(shown).toMatchObject({ subject: '/CN=hmi-7', wishes: ['subjectAltName', 'extendedKeyUsage'] });
    const { auth } = await client.plants.provision({ plantId, request: text, validity: { days: 30 } });
    if (!('deviceCertPem' in auth)) throw new Error('no certificate');
    expect(auth).not.toHaveProperty('deviceKeyPem');
    const leaf = new X509Certificate(auth.deviceCertPem);
    const key = await readFile(join(folder, 'key.pem'), 'utf8');
    expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect([leaf.subject, leaf.subjectAltName, leaf.keyUsage]).toEqual([
      `CN=${plantId}`,
      `URI:urn:uuid:${plantId}`,
      ['1.3.6.1.5.5.7.3.2'],
    ]);
    await client.plants.activate({ plantId });
    const next = await client.plants.rotate({ plantId, request: await request(folder) });
    expect(next.auth).not.toHaveProperty('deviceKeyPem');
  });

  it('is refused with a reason of its own, and nothing changes', async () => {
    const { client } = console;
    const folder = await scratch();
    const plantId = await addPlant();
    const refused = async (text: string, code: string) =>
      expect(client.plants.provision({ plantId, request: text })).rejects.toMatchObject({ code });
    await refused(await request(folder, { wishes: 'basicConstraints=CA:TRUE\n' }), 'authority/request-for-authority');
    const rsa1024 = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'];
    await refused(await request(folder, { key: rsa1024 }), 'authority/weak-key');
    const other = 'a1b2c3d4-0000-0000-0000-000000000001';
    await refused(await request(folder, { name: other }), 'offline/request-wrong-plant');
    await refused(await request(folder, { name: `${other}\nO=x` }), 'offline/request-wrong-plant');
    const [first, second] = [await request(folder), await request(folder)];
    const [der, otherDer] = [first, second].map((pem) => Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64'));
    if (!der || !otherDer) throw new Error('no requests');
    const forged = Buffer.concat([der.subarray(0, der.length - 20), otherDer.subarray(otherDer.length - 20)]);
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    await refused(pem, 'authority/request-not-proven');
    await refused('nothing', 'offline/request-unreadable');
    const byWord = await client.plants.create({ name: 'By word', authMethod: 'PASSWORD' });
    await expect(
      client.plants.provision({ plantId: byWord.plantId, request: await request(folder) }),
    ).rejects.toMatchObject({ code: 'plant/wrong-auth-method' });
    expect((await client.authority.listCertificates({ kind: 'device' })).total).toBe(0);
  });
});

describeWith('mosquitto')('a real mosquitto', () => {
  const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');

  it.each(['EC-P256', 'RSA-3072'] as const)('of a %s authority lets in plants with every kind of key', async (by) => {
    const folder = await scratch();
    const authority = await createAuthority({ keyAlgorithm: by, subject: '/CN=Root', now: new Date() });
    const ca = authority.certificatePem;
    const issue = (keyAlgorithm: LeafKeyAlgorithm, kind: 'device' | 'broker') =>
      issueCertificate({
        authority,
        keyAlgorithm,
        now: new Date(),
        validity: { notAfter: 'none' },
        profile:
          kind === 'device' ? { kind, plantId } : { kind, commonName: 'localhost', subjectAltNames: ['127.0.0.1'] },
      });
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const [cafile, crlfile] = [await file('ca.crt', ca), await file('ca.crl', authority.crl.crlPem)];
    for (const server of ['RSA-2048', 'Ed25519'] as const) {
      const { certificatePem, privateKeyPem } = await issue(server, 'broker');
      const [certfile, keyfile] = [
        await file(`${server}.crt`, certificatePem),
        await file(`${server}.key`, privateKeyPem),
      ];
      const broker = await startTlsMosquitto({ cafile, crlfile, certfile, keyfile });
      for (const keyAlgorithm of leafKeyAlgorithms) {
        const { certificatePem: cert, privateKeyPem: key } = await issue(keyAlgorithm, 'device');
        await broker.connect({ ca, cert, key, tls: 'TLSv1.2' });
        await broker.connect({ ca, cert, key, tls: 'TLSv1.3' });
      }
    }
  });
});
