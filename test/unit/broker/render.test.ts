import { describe, expect, it } from 'vitest';
import { renderVokeProfile, type VokeProfileInput } from '../../../electron/broker/render.ts';
import { productionPorts } from '../../../shared/model/broker.ts';
import { createAclEvaluator, parseAcl } from '../../../shared/model/mosquitto/acl.ts';
import { parseConf } from '../../../shared/model/mosquitto/conf.ts';
import { plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../../shared/model/topics.ts';

const plantId = 'a1b2c3d4-0000-0000-0000-000000000001';
const revokedId = 'b1b2c3d4-0000-0000-0000-000000000002';
const hash = `$7$1000$${Buffer.alloc(12).toString('base64')}$${Buffer.alloc(64).toString('base64')}`;

const input: VokeProfileInput = {
  line: '2.0',
  configDirectory: '/mosquitto/config',
  ports: productionPorts,
  jwtPlugin: '/usr/lib/mosquitto_jwt_auth.so',
  account: null,
  authorityPem: 'CA',
  crlPem: 'CRL',
  serverCertificatePem: 'CERT',
  serverKeyPem: 'KEY',
  passwordUsers: [{ username: 'plc-a1b2c3d4', hash, plantId }],
  revokedPlantIds: [revokedId],
  consoleUsername: 'voke-console',
  tokenPublicKeyDer: new Uint8Array([1, 2, 3]),
};

const contents = async (changes: Partial<VokeProfileInput> = {}) => {
  const { files } = await renderVokeProfile({ ...input, ...changes });
  return new Map(files.map((file) => [file.name, Buffer.from(file.content).toString('utf8')]));
};
const evaluator = async (name: string) => createAclEvaluator(parseAcl((await contents()).get(name) ?? '').value);

describe('renderVokeProfile', () => {
  it('writes the configuration of the three listeners', async () => {
    expect((await contents()).get('mosquitto.conf')).toBe(
      [
        '# Written by Voke Console, which renews its own entries at every push and leaves the others alone.',
        'per_listener_settings true',
        'log_dest stderr',
        'message_size_limit 8192',
        '',
        'listener 8886',
        'cafile /mosquitto/config/ca.crt',
        'certfile /mosquitto/config/server.crt',
        'keyfile /mosquitto/config/server.key',
        'crlfile /mosquitto/config/ca.crl',
        'require_certificate true',
        'use_identity_as_username true',
        'allow_anonymous false',
        'acl_file /mosquitto/config/acl',
        '',
        'listener 8885',
        'certfile /mosquitto/config/server.crt',
        'keyfile /mosquitto/config/server.key',
        'allow_anonymous false',
        'password_file /mosquitto/config/passwd-devices',
        'acl_file /mosquitto/config/acl-devices',
        '',
        'listener 8887',
        'certfile /mosquitto/config/server.crt',
        'keyfile /mosquitto/config/server.key',
        'allow_anonymous false',
        'acl_file /mosquitto/config/acl-tokens',
        'plugin /usr/lib/mosquitto_jwt_auth.so',
        'plugin_opt_jwt_alg RS256',
        'plugin_opt_jwt_sec_file /mosquitto/config/jwt-public.der',
        'plugin_opt_jwt_validate_exp true',
        'plugin_opt_jwt_validate_sub_match_username true',
        '',
      ].join('\n'),
    );
  });

  it('loads the plugin by a name for 2.1, and keeps nameless clients out in its words', async () => {
    const conf = (await contents({ line: '2.1' })).get('mosquitto.conf') ?? '';
    expect(conf).not.toMatch(/^allow_anonymous/m);
    expect(conf.match(/^listener_allow_anonymous false$/gm)).toHaveLength(3);
    const { value, faults } = parseConf(conf, '2.1');
    expect(faults).toEqual([]);
    expect(value.plugins.map(({ name, path }) => [name, path])).toEqual([
      ['voke-jwt', '/usr/lib/mosquitto_jwt_auth.so'],
    ]);
    expect(value.listeners.map(({ plugins }) => plugins.length)).toEqual([0, 0, 1]);
  });

  it.each(['2.0', '2.1'] as const)('gives the plugin of %s a set of keys, where there is one', async (line) => {
    const tokenKeySet = {
      keys: [
        { kty: 'RSA', kid: 'one' },
        { kty: 'RSA', kid: 'two' },
      ],
    };
    const files = await contents({ line, tokenKeySet });
    expect(JSON.parse(files.get('jwt-keys.json') ?? '')).toEqual(tokenKeySet);
    expect(files.has('jwt-public.der')).toBe(false);
    const plugin = parseConf(files.get('mosquitto.conf') ?? '', line).value.listeners[2]?.plugins[0];
    expect(plugin?.options.slice(0, 1)).toEqual([
      { keyword: 'jwt_jwks_file', value: '/mosquitto/config/jwt-keys.json' },
    ]);
    expect(plugin?.options.map(({ keyword }) => keyword)).not.toContain('jwt_sec_file');
  });

  it('leaves the token listener out without a plugin, and says so', async () => {
    const { files, notices } = await renderVokeProfile({ ...input, jwtPlugin: null });
    expect(files.map(({ name }) => name)).not.toContain('jwt-public.der');
    const conf = parseConf((await contents({ jwtPlugin: null })).get('mosquitto.conf') ?? '', '2.0').value;
    expect(conf.listeners.map(({ port }) => port)).toEqual([8886, 8885]);
    expect(notices.join()).toContain('8887');
  });

  it('names address and account when they are given', async () => {
    const conf = (await contents({ bindAddress: '127.0.0.1', account: 'root' })).get('mosquitto.conf');
    expect(conf).toContain('\nlistener 8886 127.0.0.1\n');
    expect(conf).toContain('\nuser root\n');
  });

  it('joins the paths of a broker on Windows as Windows does', async () => {
    expect((await contents({ configDirectory: 'C:\\voke' })).get('mosquitto.conf')).toContain(
      '\ncafile C:\\voke\\ca.crt\n',
    );
  });

  it('gives every plant its own topics, and no others', async () => {
    const byCertificate = await evaluator('acl');
    const byToken = await evaluator('acl-tokens');
    const byPassword = await evaluator('acl-devices');
    for (const [acl, user] of [
      [byCertificate, plantId],
      [byToken, plantId],
      [byPassword, 'plc-a1b2c3d4'],
    ] as const) {
      for (const name of topicsWrittenByPlant) {
        expect(acl.mayWrite(user, 'c', plantTopic(plantId, name))).toBe(true);
        expect(acl.mayRead(user, 'c', plantTopic(plantId, name))).toBe(false);
        expect(acl.mayWrite(user, 'c', plantTopic('another', name))).toBe(false);
      }
      for (const name of topicsReadByPlant) {
        expect(acl.mayRead(user, 'c', plantTopic(plantId, name))).toBe(true);
        expect(acl.mayWrite(user, 'c', plantTopic(plantId, name))).toBe(false);
      }
      expect(acl.mayRead(user, 'c', '$SYS/broker/version')).toBe(false);
    }
  });

  it('gives the console every plant, by its certificate only', async () => {
    expect((await evaluator('acl')).mayRead('voke-console', 'c', plantTopic(plantId, 'telemetry'))).toBe(true);
    expect((await evaluator('acl')).mayWrite('voke-console', 'c', plantTopic(plantId, 'command'))).toBe(true);
    expect((await evaluator('acl')).mayRead('voke-console', 'c', '$SYS/broker/version')).toBe(true);
    expect((await evaluator('acl')).mayWrite('voke-console', 'c', '$SYS/broker/version')).toBe(false);
    expect((await evaluator('acl-tokens')).mayRead('voke-console', 'c', plantTopic(plantId, 'telemetry'))).toBe(false);
  });

  it('takes everything from a revoked plant', async () => {
    for (const name of ['acl', 'acl-tokens']) {
      expect((await evaluator(name)).mayWrite(revokedId, 'c', plantTopic(revokedId, 'telemetry'))).toBe(false);
      expect((await evaluator(name)).mayRead(revokedId, 'c', plantTopic(revokedId, 'command'))).toBe(false);
    }
  });

  it('says that 2.1 does not mute tokens', async () => {
    expect((await renderVokeProfile({ ...input, line: '2.1' })).notices).toHaveLength(1);
    expect((await renderVokeProfile({ ...input, line: '2.1', revokedPlantIds: [] })).notices).toEqual([]);
    expect((await renderVokeProfile(input)).notices).toEqual([]);
  });

  it('says that 2.0 pauses over the rights of thousands', async () => {
    const passwordUsers = Array.from({ length: 3_000 }, (_, index) => ({ username: `plc-${index}`, hash, plantId }));
    expect((await renderVokeProfile({ ...input, passwordUsers })).notices.join()).toContain('3000 PASSWORD plants');
    expect((await renderVokeProfile({ ...input, line: '2.1', revokedPlantIds: [], passwordUsers })).notices).toEqual(
      [],
    );
  });

  it('marks passwords and the private key as secret, and keeps every file private', async () => {
    const { files } = await renderVokeProfile(input);
    expect(files.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['passwd-devices', 'server.key']);
    expect(files.every(({ mode }) => mode === 0o600)).toBe(true);
  });

  it('renders no name that would become a line of its own', async () => {
    await expect(renderVokeProfile({ ...input, consoleUsername: 'x\ntopic readwrite #' })).rejects.toThrow(RangeError);
    const passwordUsers = [{ username: 'x:y', hash, plantId }];
    await expect(renderVokeProfile({ ...input, passwordUsers })).rejects.toThrow(RangeError);
  });
});
