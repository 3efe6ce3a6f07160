import { describe, expect, it } from 'vitest';
import { foreignFileInvalid } from '../../../../electron/broker/foreign/foreign-file.ts';
import { mergeConf } from '../../../../electron/broker/foreign/merge-conf.ts';
import { renderPlantopsProfile } from '../../../../electron/broker/profiles/plantops.ts';
import { parseConf } from '../../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../../shared/model/mosquitto/conf-options.ts';

const owned = { usernames: new Set<string>(), ports: new Set([8883, 8884, 8885]) };
const rendered = [
  '# Written by Voke Console, which renews its own entries.',
  'per_listener_settings true',
  'log_dest stderr',
  '',
  'listener 8883',
  'certfile /c/server.crt',
  'allow_anonymous false',
  '',
  'listener 8885',
  'password_file /c/passwd-devices',
  'allow_anonymous false',
  '',
].join('\n');

const merge = (found: string[], into = rendered, line: BrokerLine = '2.0') =>
  mergeConf(`${found.join('\n')}\n`, into, owned, (fault) => foreignFileInvalid('mosquitto.conf', fault), line) ?? {
    text: into,
    kept: [],
  };
const refusal = (found: string[], into = rendered) => {
  try {
    merge(found, into);
    return undefined;
  } catch (error) {
    return error;
  }
};
const own = ['per_listener_settings true'];
const lines = (text: string) => text.trimEnd().split('\n');

describe('mergeConf', () => {
  it("keeps options, listeners and bridges of others, in their order, and renews the console's", () => {
    const { text, kept } = merge([
      '# our site',
      'persistence true',
      'per_listener_settings true',
      'log_dest file /var/log/x',
      'listener 1884 127.0.0.1',
      'allow_anonymous false',
      'password_file /etc/mosquitto/pw',
      '',
      'listener 8883',
      'certfile /old/server.crt',
      'allow_anonymous true',
      'max_connections 50',
      'max_inflight_messages 10',
      '',
      'connection cloud',
      'address cloud.example',
      'topic # out',
      'remote_password x',
    ]);
    expect(lines(text)).toEqual([
      '# Written by Voke Console, which renews its own entries.',
      'per_listener_settings true',
      'log_dest stderr',
      '',
      '# our site',
      'persistence true',
      'listener 1884 127.0.0.1',
      'allow_anonymous false',
      'password_file /etc/mosquitto/pw',
      'max_inflight_messages 10',
      '',
      'connection cloud',
      'address cloud.example',
      'topic # out',
      'remote_password x',
      '',
      'listener 8883',
      'certfile /c/server.crt',
      'allow_anonymous false',
      'max_connections 50',
      '',
      'listener 8885',
      'password_file /c/passwd-devices',
      'allow_anonymous false',
    ]);
    expect(kept).toEqual([
      'persistence',
      'listener 1884 127.0.0.1',
      'max_connections of listener 8883',
      'max_inflight_messages',
      'connection cloud',
    ]);
    expect(parseConf(text, '2.0').faults).toEqual([]);
    expect(merge(lines(text)).text).toBe(text);
  });

  it('is the rendered one when nobody else wrote into it', () => {
    expect(merge([...own, 'listener 8884', 'plugin /old.so', 'plugin_opt_jwt_alg RS256', 'acl_file /c/acl']).text).toBe(
      rendered,
    );
  });

  it('opens nothing that the console closes on its own listeners', () => {
    const { text } = merge([
      'persistence true',
      'per_listener_settings true',
      'listener 8883',
      'capath /etc/ssl',
      'psk_file /x',
      'plugin /lets-everybody-in.so',
      'plugin_opt_abc def',
      'require_certificate false',
    ]);
    expect(text).not.toMatch(/capath|psk_file|lets-everybody-in|plugin_opt|require_certificate/);
  });

  it('moves security options of the whole broker into the listeners that they held for', () => {
    const { text } = merge(['allow_anonymous false', 'password_file /etc/pw', 'listener 1884', 'listener 8885']);
    const { value, faults } = parseConf(text, '2.0');
    expect(faults).toEqual([]);
    expect(value.listeners.find(({ port }) => port === 1884)?.options).toEqual([
      { keyword: 'allow_anonymous', value: 'false' },
      { keyword: 'password_file', value: '/etc/pw' },
    ]);
    expect(value.listeners.map(({ port }) => port)).toEqual([1884, 8883, 8885]);
  });

  it.each([
    ['an unknown option', ['persistence true', 'remote_pasword secret-text'], 2],
    ['an option that opens a listener', ['port 1883'], 1],
    ['a plugin of the whole broker', ['plugin /dynamic.so', 'listener 1884'], 1],
    ['a bridge without an address', ['connection x', 'topic # out'], 1],
  ])('refuses %s by its line', (_what, found, line) => {
    const error = refusal(found);
    expect(error).toMatchObject({ code: 'broker/foreign-file-invalid', details: { file: 'mosquitto.conf', line } });
    expect(Object(error).message).not.toContain('secret-text');
  });

  it('takes a damaged line of its own as one to renew', () => {
    expect(
      refusal([...own, 'listener 8883', 'certfile', 'allow_anonymous perhaps', 'persistence true']),
    ).toBeUndefined();
  });

  it('keeps plugins that others load by name, and replaces its own', () => {
    const { text } = merge(
      [
        'plugin_load voke-jwt /old.so',
        'plugin_opt_jwt_alg RS256',
        'plugin_load metrics /metrics.so',
        'plugin_opt_every 10',
        'global_plugin /persist.so',
        'plugin_opt_sync full',
        'listener 8883',
        'plugin_use voke-jwt',
      ],
      rendered,
      '2.1',
    );
    expect(lines(text).filter((line) => line.includes('plugin'))).toEqual([
      'plugin_load metrics /metrics.so',
      'plugin_opt_every 10',
      'global_plugin /persist.so',
      'plugin_opt_sync full',
    ]);
  });

  it('leaves other listeners beside the shared settings of plantops, but not settings of their own', () => {
    const { files } = renderPlantopsProfile({
      line: '2.0',
      configDirectory: '/mosquitto/config',
      account: null,
      passwordUsers: [],
    });
    const plantops = Buffer.from(files[0]?.content ?? []).toString();
    const { text } = merge(['acl_file /mosquitto/config/acl', 'listener 1885'], plantops);
    expect(text).toContain('\nacl_file /mosquitto/config/acl\nlistener 1885\n');
    expect(text.match(/password_file/g)).toHaveLength(1);
    expect(refusal(['per_listener_settings true', 'listener 1885', 'allow_anonymous true'], plantops)).toMatchObject({
      details: { line: 1 },
    });
  });
});
