import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { policyServiceSources } from '../../../../electron/broker/export/celine/service-sources.ts';
import { renderCelineCompose, renderCelineReadme } from '../../../../electron/broker/export/celine/texts.ts';
import { lintCelineProfile } from '../../../../electron/broker/lint/celine.ts';
import { type CelineProfileInput, renderCelineProfile } from '../../../../electron/broker/profiles/celine.ts';
import { parseServiceArguments } from '../../../../electron/policy/service/command-line.ts';
import type { BrokerFiles } from '../../../../shared/model/broker-files.ts';
import { optionValue, parseConf } from '../../../../shared/model/mosquitto/conf.ts';
import { celineExportSchema, celineModes } from '../../../../shared/model/policy-celine.ts';

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
const input: CelineProfileInput = {
  mode: 'http',
  line: '2.1',
  ports: { tls: 8883, plain: null },
  cacheSeconds: 30,
  rules: '{}',
  keys: { kind: 'pem', pem: pem.toString() },
  issuer: null,
  audience: null,
  authorityPem: 'a',
  broker: { cert: 'b', key: 'c' },
  service: { cert: 'd', key: 'e' },
};
const render = (changes: Partial<CelineProfileInput> = {}) => renderCelineProfile({ ...input, ...changes });
const text = (files: BrokerFiles, name: string) =>
  Buffer.from(files.find((file) => file.name === name)?.content ?? []).toString();
const confOf = (changes: Partial<CelineProfileInput> = {}) => text(render(changes).files, 'mosquitto.conf');
const optionsOf = (changes: Partial<CelineProfileInput> = {}) =>
  parseConf(confOf(changes), changes.line ?? '2.1').value.plugins[0]?.options ?? [];

describe('the celine profile', () => {
  it.each(celineModes.flatMap((mode) => (['2.0', '2.1'] as const).map((line) => [mode, line] as const)))(
    'is read back without a fault: %s for %s',
    (mode, line) => {
      const { value, faults } = parseConf(confOf({ mode, line, ports: { tls: 8883, plain: 1883 } }), line);
      expect(faults).toEqual([]);
      expect(value.listeners.map(({ port }) => port)).toEqual([8883, 1883]);
      expect(optionValue(value.options, 'allow_anonymous')).toBe('false');
    },
  );

  it('asks over TLS and trusts only whom it is told to, whatever the mode', () => {
    for (const [mode, prefix] of [
      ['http', 'http'],
      ['jwt', 'jwt'],
      ['document', 'http'],
    ] as const) {
      const options = optionsOf({ mode });
      expect([`${prefix}_with_tls`, `${prefix}_verify_peer`].map((name) => optionValue(options, name))).toEqual([
        'true',
        'true',
      ]);
    }
    expect(optionValue(optionsOf({ mode: 'jwt' }), 'jwt_mode')).toBe('remote');
    expect(confOf({ mode: 'document' })).not.toContain('content_type');
  });

  it('keeps names as they are on 2.1, and tokens out of the log where they are names', () => {
    expect(confOf({ line: '2.1' })).toContain('\nauth_plugin_deny_special_chars false\n\nlistener 8883\n');
    expect(confOf({ line: '2.0' })).not.toContain('deny_special_chars');
    expect(confOf({ mode: 'jwt' })).toContain('\nconnection_messages false\n');
    expect(confOf({ mode: 'http' })).not.toContain('connection_messages');
  });

  it('has no cache where it is to ask every time', () => {
    expect(optionValue(optionsOf({ cacheSeconds: 0 }), 'cache')).toBe('false');
    expect(confOf({ cacheSeconds: 0 })).not.toContain('redis');
    expect(render({ cacheSeconds: 0 }).notices.join()).not.toContain('redis');
    expect(render().notices.join()).toContain('tokens in base64');
  });

  it('starts the service with arguments that it takes', () => {
    const sources: CelineProfileInput['keys'][] = [
      { kind: 'pem', pem: 'p' },
      { kind: 'jwk-set', text: '{}' },
      { kind: 'address', url: 'https://id.example/keys', authorityPem: null },
      { kind: 'address', url: 'https://id.example/keys', authorityPem: 'q' },
    ];
    for (const keys of sources) {
      const { policyArguments, policyFiles } = render({ keys, issuer: '-i $x', audience: 'a' });
      const parsed = parseServiceArguments(policyArguments);
      expect(parsed).toMatchObject({
        issuer: '-i $x',
        audience: 'a',
        address: '0.0.0.0',
        port: 8009,
        cacheSeconds: 30,
      });
      const named = [parsed.rules, parsed.tls?.cert, parsed.tls?.key, parsed.authority];
      if (parsed.keys.kind !== 'address') named.push(parsed.keys.path);
      const files = named.filter((path) => path !== undefined).map((path) => path.replace('/policy/', ''));
      expect(files.sort()).toEqual(policyFiles.map(({ name }) => name).sort());
    }
  });

  it('is refused with an option that go-auth does not have, and with keys of something else', async () => {
    const rendered = render();
    const files = rendered.files.map((file) =>
      file.name === 'mosquitto.conf'
        ? {
            ...file,
            content: Buffer.from(
              text([file], file.name).replace(
                '_method POST',
                '_method POST\nplugin_opt_http_content_type application/json',
              ),
            ),
          }
        : file,
    );
    await expect(lintCelineProfile({ ...rendered, files }, '2.1', new Date())).rejects.toMatchObject({
      code: 'broker/invalid-files',
      details: {
        faults: expect.arrayContaining([
          'mosquitto.conf: mosquitto-go-auth has no option http_content_type',
          'server.crt: is not a certificate in PEM',
          'service.key: is not an unencrypted private key in PEM',
        ]),
      },
    });
  });
});

describe('what goes with it', () => {
  const texts = (settings: object = {}) => ({
    settings: celineExportSchema.parse({ host: 'broker.example', ...settings }),
    policyArguments: ['--issuer=$a "b"'],
    notices: ['Mind this.'],
    writtenAt: 'today',
    expiry: '2030-01-01',
  });

  it('is a compose file of three containers, or of two without a cache', async () => {
    const compose = await renderCelineCompose(texts({ ports: { tls: 8884, plain: 1883 } }));
    const lines = compose.split('\n').filter((line) => !/^ *#/.test(line));
    expect(lines).toMatchInlineSnapshot(`
      [
        "services:",
        "  mosquitto:",
        "    image: "ghcr.io/lhns/mosquitto-go-auth:3.5.0-mosquitto_2.1.2"",
        "    user: "1000:1000"",
        "    command: ["/usr/sbin/mosquitto", "-c", "/etc/mosquitto/mosquitto.conf"]",
        "    restart: always",
        "    depends_on: ["policy-service", "redis"]",
        "    environment:",
        "      SSL_CERT_FILE: "/etc/mosquitto/ca.crt"",
        "    ports:",
        "      - "8884:8884"",
        "      - "1883:1883"",
        "    volumes:",
        "      - "./mosquitto:/etc/mosquitto:ro"",
        "      - "data:/var/lib/mosquitto"",
        "    logging: &logging",
        "      driver: json-file",
        "      options:",
        "        max-size: 10m",
        "        max-file: "3"",
        "  policy-service:",
        "    image: "node:24-alpine"",
        "    user: "1000:1000"",
        "    command: ["node", "/app/electron/policy-service.ts", "--issuer=$$a \\"b\\""]",
        "    restart: always",
        "    read_only: true",
        "    volumes:",
        "      - "./policy-service:/app:ro"",
        "      - "./policy:/policy:ro"",
        "    logging: *logging",
        "  redis:",
        "    image: "redis:7.4-alpine"",
        "    command: ["redis-server", "--save", "", "--appendonly", "no"]",
        "    restart: always",
        "    tmpfs: ["/data"]",
        "    logging: *logging",
        "volumes:",
        "  data: {}",
        "",
      ]
    `);
    const without = await renderCelineCompose(texts({ cacheSeconds: 0 }));
    expect(without).toContain('depends_on: ["policy-service"]\n');
    expect(without).not.toContain('  redis:');
  });

  it('says how to install it, and where the images come from', async () => {
    const readme = await renderCelineReadme(texts({ mode: 'jwt' }));
    expect(readme).toContain(
      'docker save -o images.tar ghcr.io/lhns/mosquitto-go-auth:3.5.0-mosquitto_2.1.2 node:24-alpine',
    );
    expect(readme).toContain('-u "$TOKEN" -P unused');
    expect(readme).toContain('\nMind this.\n');
    expect(readme).not.toContain('{{');
  });

  it('holds the service whole, and nothing that only the console needs', async () => {
    const names = (await policyServiceSources()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['electron/policy-service.ts', 'electron/policy/decide.ts', 'package.json']),
    );
    expect(
      names.filter((name) => /vault|renderer|authority\/|electron\/core/.test(name) && !name.includes('error-catalog')),
    ).toEqual([]);
    const packages = new Set(names.flatMap((name) => /^node_modules\/([^/]+)/.exec(name)?.[1] ?? []));
    expect([...packages]).toEqual(['jose', 'zod']);
  });
});
