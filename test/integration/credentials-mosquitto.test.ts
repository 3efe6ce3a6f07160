// A real Mosquitto judges what the authority and the credentials room make.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IClientOptions } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCrl } from '../../electron/authority/crl.ts';
import { type IssuedLeaf, issueCertificate } from '../../electron/authority/leaf.ts';
import { type CreatedAuthority, createAuthority } from '../../electron/authority/root.ts';
import { generatePassword, hashPassword, verifyPassword } from '../../electron/credentials/passwords.ts';
import { generateTokenKey } from '../../electron/credentials/tokens.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { freePort, type RunningServer, run, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const now = new Date();
const password = generatePassword();
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');

describeWith(
  'mosquitto',
  'mosquitto_passwd',
  'openssl',
)('a real Mosquitto', () => {
  let folder: string;
  let server: RunningServer;
  let authority: CreatedAuthority;
  let device: IssuedLeaf;
  let revoked: IssuedLeaf;
  let passwordPort: number;
  let certificatePort: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-credentials-'));
    authority = await createAuthority({ now });
    const issueDevice = () => issueCertificate({ authority, profile: { kind: 'device', plantId }, now });
    const profile = { kind: 'broker', commonName: 'localhost', subjectAltNames: ['127.0.0.1'] } as const;
    const broker = await issueCertificate({ authority, profile, now });
    [device, revoked] = await Promise.all([issueDevice(), issueDevice()]);
    const entries = [{ serialNumber: revoked.serialNumber, revokedAt: now, reason: 'keyCompromise' as const }];
    const crl = await buildCrl({ authority, entries, number: 2n, now });
    [passwordPort, certificatePort] = [await freePort(), await freePort()];
    const path = (name: string) => join(folder, name);
    const configuration = [
      'per_listener_settings true',
      'user root',
      `listener ${passwordPort} 127.0.0.1`,
      `certfile ${path('server.crt')}`,
      `keyfile ${path('server.key')}`,
      'allow_anonymous false',
      `password_file ${path('passwd')}`,
      `listener ${certificatePort} 127.0.0.1`,
      `cafile ${path('ca.crt')}`,
      `certfile ${path('server.crt')}`,
      `keyfile ${path('server.key')}`,
      `crlfile ${path('ca.crl')}`,
      'require_certificate true',
      'use_identity_as_username true',
      `acl_file ${path('acl')}`,
    ];
    const contents = {
      'mosquitto.conf': `${configuration.join('\n')}\n`,
      passwd: `plc-a1b2c3d4:${await hashPassword(password)}\n`,
      acl: 'pattern readwrite cpi/%u/#\n',
      'ca.crt': authority.certificatePem,
      'ca.crl': crl.crlPem,
      'server.crt': broker.certificatePem,
      'server.key': broker.privateKeyPem,
    };
    for (const [name, content] of Object.entries(contents)) await writeFile(path(name), content, { mode: 0o600 });
    server = await startServer(programPath('mosquitto'), ['-c', path('mosquitto.conf')], certificatePort);
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  /** Connects, sends a message to itself in the plant's own topic, and says what arrived. */
  const exchange = async (port: number, options: IClientOptions): Promise<string> => {
    const client = await connectAsync(`mqtts://localhost:${port}`, {
      ca: authority.certificatePem,
      protocolVersion: 5,
      reconnectPeriod: 0,
      ...options,
    });
    try {
      const arrived = new Promise<string>((resolve) => {
        client.once('message', (_topic, payload) => resolve(payload.toString()));
      });
      await client.subscribeAsync(`cpi/${plantId}/command`);
      await client.publishAsync(`cpi/${plantId}/command`, 'hello', { qos: 1 });
      return await arrived;
    } finally {
      await client.endAsync(true);
    }
  };

  test('lets the right password in', async () => {
    expect(await exchange(passwordPort, { username: 'plc-a1b2c3d4', password })).toBe('hello');
  });

  test.each([
    ['another password', { username: 'plc-a1b2c3d4', password: `${password.slice(1)}x` }],
    ['another user', { username: 'plc-a1b2c3d5', password }],
    ['nobody', {}],
  ])('refuses %s', async (_what, options) => {
    await expect(exchange(passwordPort, options)).rejects.toThrow(/not authori[sz]ed/i);
  });

  test('lets a device certificate in, with the plant id as its name', async () => {
    expect(await exchange(certificatePort, { cert: device.certificatePem, key: device.privateKeyPem })).toBe('hello');
  });

  test('refuses a revoked certificate, one of another authority, and none', async () => {
    const stranger = await createAuthority({ keyAlgorithm: 'EC-P256', now });
    const foreign = await issueCertificate({ authority: stranger, profile: { kind: 'device', plantId }, now });
    const offer = ({ certificatePem, privateKeyPem }: IssuedLeaf) =>
      exchange(certificatePort, { cert: certificatePem, key: privateKeyPem });
    await expect(offer(revoked)).rejects.toThrow(/revoked/i);
    await expect(offer(foreign)).rejects.toThrow(/unknown ca/i);
    await expect(exchange(certificatePort, {})).rejects.toThrow(/certificate required/i);
  });

  test('and its mosquitto_passwd writes lines that we judge as it does', async () => {
    const path = join(folder, 'theirs');
    await writeFile(path, '', { mode: 0o600 });
    await run(programPath('mosquitto_passwd'), ['-b', path, 'u', 'their password']);
    const line = (await readFile(path, 'utf8')).trim().replace(/^u:/, '');
    expect(await verifyPassword('their password', line)).toBe(true);
    expect(await verifyPassword('our password', line)).toBe(false);
  });

  test('OpenSSL makes the same public files from our token key as the JWT document does', async () => {
    const key = await generateTokenKey();
    expect(await run('openssl', ['rsa', '-pubout'], key.privatePkcs1Pem)).toBe(key.publicSpkiPem);
    const base64 = (pem: string) => pem.replace(/-----.*-----|\s/g, '');
    const pkcs1 = await run('openssl', ['rsa', '-pubin', '-RSAPublicKey_out'], key.publicSpkiPem);
    expect(base64(pkcs1)).toBe(key.publicPkcs1Der.toString('base64'));
    expect(base64(key.publicSpkiPem)).toBe(key.publicSpkiDer.toString('base64'));
  });
});
