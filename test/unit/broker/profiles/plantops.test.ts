import { describe, expect, it } from 'vitest';
import { lintBrokerFiles } from '../../../../electron/broker/lint.ts';
import { type PlantopsProfileInput, renderPlantopsProfile } from '../../../../electron/broker/profiles/plantops.ts';
import type { BrokerFiles } from '../../../../shared/model/broker-files.ts';

const configDirectory = '/mosquitto/config';
const input: PlantopsProfileInput = { line: '2.0', configDirectory, account: null, passwordUsers: [] };
const render = (changes: Partial<PlantopsProfileInput> = {}) => renderPlantopsProfile({ ...input, ...changes });
const text = (files: BrokerFiles, name: string) =>
  Buffer.from(files.find((file) => file.name === name)?.content ?? []).toString();
const lint = (files: BrokerFiles, line: '2.0' | '2.1' = '2.0') =>
  lintBrokerFiles(files, { line, configDirectory, now: new Date(), profile: 'plantops' });
const withConf = (from: string, to: string): BrokerFiles =>
  render().files.map((file) =>
    file.name === 'mosquitto.conf'
      ? { ...file, content: Buffer.from(text([file], file.name).replace(from, to)) }
      : file,
  );

describe('the plantops profile', () => {
  it('says what the task document says, and logs without delay', () => {
    const { files, notices } = render();
    expect(text(files, 'mosquitto.conf').split('\n').slice(1)).toEqual([
      'allow_anonymous false',
      'password_file /mosquitto/config/passwd',
      'log_dest stderr',
      'log_type all',
      '',
      'listener 1883',
      '',
      'listener 9001',
      'protocol websockets',
      '',
    ]);
    expect(notices.join()).toContain('not encrypted');
  });

  it('brings an empty password file while nobody is registered', async () => {
    const { files } = render();
    expect(files.map(({ name, mode, secret }) => [name, mode, secret])).toEqual([
      ['mosquitto.conf', 0o600, false],
      ['passwd', 0o600, true],
    ]);
    expect(text(files, 'passwd')).toBe('');
    await lint(files);
  });

  it('writes its process id where the broker is known by that', () => {
    expect(text(render({ pidFile: '/run/mosquitto.pid' }).files, 'mosquitto.conf')).toContain(
      '\npid_file /run/mosquitto.pid\n',
    );
  });

  it('keeps nameless clients out of each listener in the words of 2.1', async () => {
    const { files } = render({ line: '2.1' });
    expect(text(files, 'mosquitto.conf').match(/^listener_allow_anonymous false$/gm)).toHaveLength(2);
    await lint(files, '2.1');
  });

  it.each([
    ['names nobody', 'allow_anonymous false', 'allow_anonymous true'],
    ['does not say who gets in', 'allow_anonymous false\n', ''],
    ['asks for no password', 'password_file /mosquitto/config/passwd\n', ''],
    ['asks for passwords of a file elsewhere', '/mosquitto/config/passwd', '/elsewhere/passwd'],
    ['has settings for each listener', '\n', '\nper_listener_settings true\n'],
    ['has a listener of its own kind', 'protocol websockets', 'protocol websocket'],
  ])('is refused when it %s', async (_what, from, to) => {
    await expect(lint(withConf(from, to))).rejects.toMatchObject({ code: 'broker/invalid-files' });
  });
});
