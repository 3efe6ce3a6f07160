import { describe, expect, it } from 'vitest';
import { type Conf, optionIsTrue, optionValue, parseConf } from '../../../../../shared/model/mosquitto/conf.ts';
import { renderConf } from '../../../../../shared/model/mosquitto/conf-text.ts';

const conf: Conf = {
  options: [
    { keyword: 'per_listener_settings', value: 'true' },
    { keyword: 'message_size_limit', value: '8192' },
    { keyword: 'log_type', value: 'error' },
    { keyword: 'log_type', value: 'warning' },
  ],
  plugins: [],
  listeners: [
    {
      port: 8883,
      address: '127.0.0.1',
      options: [
        { keyword: 'cafile', value: '/etc/with space/ca.crt' },
        { keyword: 'require_certificate', value: 'true' },
      ],
      plugins: [],
    },
    {
      port: 8884,
      address: null,
      options: [{ keyword: 'allow_anonymous', value: 'false' }],
      plugins: [{ path: '/usr/lib/jwt.so', options: [{ keyword: 'jwt_alg', value: 'RS256' }] }],
    },
  ],
  bridges: [
    {
      name: 'cloud',
      options: [
        { keyword: 'address', value: 'cloud.example:8883' },
        { keyword: 'topic', value: 'cpi/# out 1' },
      ],
    },
  ],
};

describe('mosquitto.conf', () => {
  it('comes back from its text as it was', () => {
    expect(parseConf(renderConf(conf, ['a comment']), '2.0')).toEqual({ value: conf, faults: [] });
    expect(parseConf(renderConf(conf), '2.1').faults).toEqual([]);
  });

  it('gives security options to the whole broker without per_listener_settings', () => {
    const { value, faults } = parseConf('allow_anonymous 0\npassword_file /p\nlistener 1883\n', '2.0');
    expect(faults).toEqual([]);
    expect(optionValue(value.options, 'password_file')).toBe('/p');
    expect(optionIsTrue(value.options, 'allow_anonymous')).toBe(false);
  });

  it.each([
    ['refused', 'an unknown option', 'alow_anonymous false'],
    ['refused', 'an indented comment', ' # comment'],
    ['refused', 'a tab before the value', 'persistence\ttrue'],
    ['refused', 'a boolean of another kind', 'persistence yes'],
    ['refused', 'a number with something behind it', 'sys_interval 10s'],
    ['refused', 'an empty value', 'pid_file'],
    ['refused', 'a string twice', 'pid_file /a\npid_file /b'],
    ['refused', 'a port out of range', 'listener 70000'],
    ['refused', 'a listener twice', 'listener 1883\nlistener 1883'],
    ['refused', 'a socket without a path', 'listener 0'],
    ['refused', 'a plugin option without a plugin', 'listener 1883\nplugin_opt_abc def'],
    ['refused', 'per_listener_settings too late', 'allow_anonymous false\nper_listener_settings true'],
    ['refused', 'an option of 2.1', 'listener 1883\nlistener_allow_anonymous false'],
    ['misread', 'a comment behind a value', 'pid_file /a # here'],
    ['misread', 'quotes', 'pid_file "/a"'],
    ['misread', 'a boolean twice', 'persistence true\npersistence false'],
    ['misread', "a listener's option before any listener", 'cafile /ca.crt'],
    ['misread', 'a security option before any listener', 'per_listener_settings true\npassword_file /p'],
  ])('%s: %s', (effect, _what, text) => {
    const last = text.split('\n').length;
    const { faults } = parseConf(text, '2.0');
    expect(faults.map((fault) => [fault.line, fault.effect])).toContainEqual([last, effect]);
  });

  it('knows what 2.1 added', () => {
    expect(parseConf('listener 1883\nlistener_allow_anonymous false\n', '2.1').faults).toEqual([]);
  });

  it('is not rendered from values that would become lines of their own', () => {
    const options = [{ keyword: 'pid_file', value: '/a\nallow_anonymous true' }];
    expect(() => renderConf({ options, plugins: [], listeners: [], bridges: [] })).toThrow(RangeError);
  });
});
