import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintBrokerFiles } from '../../../electron/broker/lint.ts';
import { renderVokeProfile } from '../../../electron/broker/render.ts';
import { productionPorts } from '../../../shared/model/broker.ts';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import { passwordHash, TokenIssuer } from '../../support/mosquitto.ts';
import { OpensslPki } from '../../support/openssl-pki.ts';

const configDirectory = '/etc/mosquitto/voke';
const tokens = new TokenIssuer();
let pki: OpensslPki;
let stranger: OpensslPki;
let files: BrokerFiles;

beforeAll(async () => {
  [pki, stranger] = await Promise.all([OpensslPki.create(), OpensslPki.create()]);
  const server = await pki.issueServer();
  ({ files } = await renderVokeProfile({
    line: '2.0',
    configDirectory,
    ports: productionPorts,
    jwtPlugin: '/usr/lib/mosquitto_jwt_auth.so',
    account: null,
    authorityPem: await pki.certificatePem(),
    crlPem: await pki.crlPem(),
    serverCertificatePem: server.certificatePem,
    serverKeyPem: server.keyPem,
    passwordUsers: [
      { username: 'plc-a1b2c3d4', hash: passwordHash('p'), plantId: 'a1b2c3d4-0000-0000-0000-000000000001' },
    ],
    revokedPlantIds: [],
    consoleUsername: 'voke-console',
    tokenPublicKeyDer: tokens.publicKeyDer,
  }));
});

afterAll(async () => {
  await Promise.all([pki.remove(), stranger.remove()]);
});

const text = (name: string) => Buffer.from(files.find((file) => file.name === name)?.content ?? []).toString('utf8');
const replaced = (name: string, content: string | Uint8Array) =>
  files.map((file) => (file.name === name ? { ...file, content: Buffer.from(content) } : file));
const without = (name: string) => files.filter((file) => file.name !== name);

async function faults(changed: BrokerFiles, now = new Date()): Promise<string> {
  const failure: unknown = await lintBrokerFiles(changed, { line: '2.0', configDirectory, now }).catch(
    (error) => error,
  );
  if (failure === undefined) return '';
  expect(failure).toMatchObject({ code: 'broker/invalid-files' });
  return JSON.stringify(Reflect.get(Object(failure), 'details'));
}
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const confWith = (from: string, to: string) => replaced('mosquitto.conf', text('mosquitto.conf').replace(from, to));

describe('lintBrokerFiles', () => {
  it('passes what was rendered, for both lines', async () => {
    for (const line of ['2.0', '2.1'] as const)
      await lintBrokerFiles(files, { line, configDirectory, now: new Date() });
  });

  it.each(['acl', 'acl-devices', 'acl-tokens', 'ca.crl', 'ca.crt', 'server.key', 'passwd-devices', 'jwt-public.der'])(
    'misses %s',
    async (name) => expect(await faults(without(name))).toContain('is not part of the push'),
  );

  it('misses the configuration itself', async () => {
    expect(await faults(without('mosquitto.conf'))).toContain('mosquitto.conf: is missing');
  });

  it('names file and line of what the broker would not read, never the line', async () => {
    expect(await faults(replaced('acl', 'user a\nnonsense\n'))).toContain('acl: line 2: ');
    const bad = await faults(replaced('passwd-devices', 'bob:plain-password\n'));
    expect(bad).toContain('passwd-devices: line 1: ');
    expect(bad).not.toContain('plain-password');
    expect(await faults(confWith('log_dest', 'log_destination'))).toContain('mosquitto.conf: line 3: ');
    expect(await faults(replaced('acl', new Uint8Array([0xff, 0xfe])))).toContain('acl: is not UTF-8');
  });

  it.each([
    ['no ACL', 'acl_file /etc/mosquitto/voke/acl\n', '', 'may read and write everything'],
    ['no CRL', 'crlfile /etc/mosquitto/voke/ca.crl\n', '', 'revoked certificates are accepted'],
    ['no encryption', 'certfile /etc/mosquitto/voke/server.crt\n', '', 'not encrypted'],
    ['anonymous clients', 'allow_anonymous false', 'allow_anonymous true', 'without a name'],
    ['no names from certificates', 'use_identity_as_username true\n', '', 'does not become the username'],
    ['no certificates asked for', 'require_certificate true\n', '', 'nothing proves who a client is'],
    ['no passwords', 'password_file /etc/mosquitto/voke/passwd-devices\n', '', 'nothing proves who a client is'],
    ['shared settings', 'per_listener_settings true\n', '', 'share their security options'],
    ['a file elsewhere', '/etc/mosquitto/voke/ca.crl', '/tmp/ca.crl', 'is not part of the push'],
  ])('refuses a listener with %s', async (_what, from, to, reason) => {
    expect(await faults(confWith(from, to))).toContain(reason);
  });

  it('takes two authorities with a list of each, and neither fewer nor more', async () => {
    const [theirs, theirList] = [await stranger.certificatePem(), await stranger.crlPem()];
    const both = (ca: string, crl: string) =>
      replaced('ca.crt', ca).map((file) => (file.name === 'ca.crl' ? { ...file, content: Buffer.from(crl) } : file));
    const [ca, crl] = [text('ca.crt'), text('ca.crl')];
    expect(await faults(both(ca + theirs, crl + theirList))).toBe('');
    expect(await faults(both(theirs + ca, crl + theirList))).toBe('');
    expect(await faults(both(ca + theirs, crl))).toContain('not signed by the authority');
    expect(await faults(both(ca, crl + theirList))).toContain('an authority that is not in ca.crt');
    expect(await faults(both(`${ca}and more`, crl))).toContain('is not a certificate in PEM');
  });

  it('refuses a revocation list of another authority, of another form, or outside of its dates', async () => {
    expect(await faults(replaced('ca.crl', await stranger.crlPem()))).toContain('not signed by the authority');
    expect(await faults(replaced('ca.crl', text('ca.crl').replaceAll('X509 CRL', 'CRL')))).toContain('X509 CRL');
    expect(await faults(replaced('ca.crl', ''))).toContain('X509 CRL');
    expect(await faults(files, inDays(31))).toContain('ca.crl: has expired');
    expect(await faults(files, inDays(-1))).toContain('ca.crl: is not valid yet');
  });

  it('refuses certificates that do not fit', async () => {
    const other = await pki.issueServer();
    expect(await faults(replaced('server.key', other.keyPem))).toContain('server.key: does not belong to server.crt');
    expect(await faults(replaced('server.crt', 'x'))).toContain('server.crt: is not a certificate in PEM');
    expect(await faults(replaced('server.key', 'x'))).toContain('server.key: is not an unencrypted private key');
    expect(await faults(replaced('ca.crt', text('server.crt')))).toContain(
      'ca.crt: is not the certificate of an authority',
    );
    expect(await faults(files, inDays(400))).toContain('server.crt: the certificate has expired');
  });

  it('refuses every token key that is not PKCS#1', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const key of [tokens.spkiKeyDer, publicKey.export({ type: 'spki', format: 'der' }), Buffer.from('x')])
      expect(await faults(replaced('jwt-public.der', key))).toContain('is not an RSA public key in PKCS#1 DER');
  });

  describe('with a set of token keys', () => {
    const publicKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    const key = { ...publicKey(), alg: 'RS256', kid: 'one' };
    const withSet = (set: unknown) => [
      ...confWith('jwt_sec_file /etc/mosquitto/voke/jwt-public.der', 'jwt_jwks_file /etc/mosquitto/voke/jwt-keys.json'),
      {
        name: 'jwt-keys.json',
        content: Buffer.from(typeof set === 'string' ? set : JSON.stringify(set)),
        mode: 0o600,
        secret: false,
      },
    ];

    it('passes one or several public keys', async () => {
      expect(await faults(withSet({ keys: [key] }))).toBe('');
      expect(await faults(withSet({ keys: [key, { ...publicKey(), alg: 'RS256', kid: 'two' }] }))).toBe('');
    });

    it.each([
      ['no set', 'text', 'is not a JWK set'],
      ['an empty set', { keys: [] }, 'is not a JWK set'],
      ['a key without a kid', { keys: [{ ...key, kid: undefined }] }, 'is not a JWK set'],
      ['a key without an algorithm', { keys: [{ ...key, alg: undefined }] }, 'is not a JWK set'],
      ['a symmetric key', { keys: [{ kty: 'oct', k: 'AAAA', alg: 'RS256', kid: 'one' }] }, 'is not a JWK set'],
      ['a private key', { keys: [{ ...key, d: 'AAAA' }] }, 'holds a private key'],
      ['two keys by one name', { keys: [key, key] }, 'has two keys with the same kid'],
      [
        'a key that is too short',
        { keys: [{ ...key, n: key.n?.slice(0, 100) }] },
        'has a key that cannot be read, or has less',
      ],
    ])('refuses %s', async (_what, set, reason) => {
      expect(await faults(withSet(set))).toContain(`jwt-keys.json: ${reason}`);
    });
  });

  it('refuses what others wrote where it opens the plants to everybody', async () => {
    for (const pattern of ['read #', 'write cpi/+/telemetry', 'read cpi/%c/command', 'readwrite +/#'])
      expect(await faults(replaced('acl', `${text('acl')}pattern ${pattern}\n`))).toContain(
        'acl: a pattern lets every',
      );
    expect(
      await faults(replaced('acl', `${text('acl')}pattern readwrite site/%u/#\nuser nodered\ntopic read #\n`)),
    ).toBe('');
  });

  it('leaves the listeners of others alone, as long as nobody gets in there without a name', async () => {
    const other = (option: string) => confWith('listener 8887', `listener 1883 127.0.0.1\n${option}\n\nlistener 8887`);
    const lint = (changed: BrokerFiles) =>
      lintBrokerFiles(changed, {
        line: '2.0',
        configDirectory,
        now: new Date(),
        managedPorts: new Set([8886, 8885, 8887]),
      });
    await lint(other('password_file /etc/mosquitto/passwd'));
    await expect(lint(other('allow_anonymous true'))).rejects.toMatchObject({ code: 'broker/invalid-files' });
    expect(await faults(other('password_file /etc/mosquitto/passwd'))).toContain('listener 1883: it is not encrypted');
  });

  it.each(['capath /etc/ssl/certs', 'psk_file /etc/psk', 'psk_hint x'])('refuses other ways in: %s', async (option) => {
    expect(await faults(confWith('require_certificate true', `require_certificate true\n${option}`))).toContain(
      'lets others in than the register says',
    );
  });

  it('says how many faults there are, and shows the first', async () => {
    expect(await faults(replaced('acl', 'nonsense\n'.repeat(50)))).toContain('"count":50');
  });
});
