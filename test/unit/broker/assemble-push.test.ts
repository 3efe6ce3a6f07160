import { describe, expect, it } from 'vitest';
import { assemblePush, type PushAssembly } from '../../../electron/broker/assemble-push.ts';
import { digestsByName } from '../../../electron/platform/digest.ts';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';

const hash = (letter: string) => `$7$101$${letter.repeat(16)}$${letter.repeat(85)}A==`;
const file = (name: string, content: string) => ({ name, content: Buffer.from(content), mode: 0o600, secret: false });
const conf = file('mosquitto.conf', 'log_dest stderr\n');
const passwd = (...lines: string[]) => file('passwd-devices', lines.map((line) => `${line}\n`).join(''));
const first = [conf, passwd(`plc-1:${hash('A')}`, `plc-2:${hash('B')}`)];

const push = (changes: Partial<PushAssembly>) =>
  assemblePush({
    rendered: { files: first, notices: ['of the profile'] },
    found: first,
    lastPushed: undefined,
    owned: { usernames: new Set(['plc-1', 'plc-2']), ports: new Set() },
    drift: 'keep',
    line: '2.0',
    notices: ['of the version'],
    ...changes,
  });
const remembered = async (files: BrokerFiles, withFiles = true) => ({
  digests: await digestsByName(files),
  ...(withFiles && { files }),
});
const text = (files: BrokerFiles, name: string) =>
  Buffer.from(files.find((known) => known.name === name)?.content ?? []).toString();

describe('assemblePush', () => {
  it('brings everything at first', async () => {
    const { files, plan } = await push({ found: undefined });
    expect(files).toEqual(first);
    expect(plan).toMatchObject({
      needs: 'restart',
      dropped: { who: 'everyone', usernames: [] },
      kept: [],
      drift: [],
      notices: ['of the version', 'of the profile'],
    });
    expect(plan.files.map(({ change, diff }) => [change, diff !== ''])).toEqual([
      ['new', true],
      ['new', true],
    ]);
  });

  it('keeps entries and files of others, and says so', async () => {
    const found = [...first.slice(0, 1), passwd(`bob:${hash('N')}`), file('passwd', 'theirs')];
    const { files, plan } = await push({ found });
    expect(text(files, 'passwd-devices').split('\n')[0]).toBe(`bob:${hash('N')}`);
    expect(files.map(({ name }) => name)).toEqual(['mosquitto.conf', 'passwd-devices']);
    expect(plan.kept).toEqual([{ file: 'passwd-devices', entry: 'user bob' }]);
    expect(plan.files.map(({ file: name, change }) => [name, change])).toEqual([
      ['mosquitto.conf', 'same'],
      ['passwd-devices', 'changed'],
      ['passwd', 'foreign'],
    ]);
  });

  it('names whom a reload drops: users whose password changes or goes', async () => {
    const found = [conf, passwd(`plc-1:${hash('A')}`, `plc-2:${hash('Z')}`, `plc-3:${hash('C')}`, `bob:${hash('N')}`)];
    const owned = { usernames: new Set(['plc-1', 'plc-2', 'plc-3']), ports: new Set<number>() };
    const { plan } = await push({ found, owned });
    expect(plan).toMatchObject({ needs: 'reload', dropped: { who: 'users', usernames: ['plc-2', 'plc-3'] } });
    const known = await push({ found, owned, connected: new Set(['plc-1', 'plc-3', 'bob']) });
    expect(known.plan.dropped).toEqual({ who: 'users', usernames: ['plc-3'] });
    const nobody = await push({ found, owned, connected: new Set(['plc-1']) });
    expect(nobody.plan.dropped).toEqual({ who: 'nobody', usernames: [] });
  });

  it('names everyone whom a restart drops', async () => {
    const found = [file('mosquitto.conf', 'log_dest stdout\n'), ...first.slice(1)];
    const { plan } = await push({ found, connected: new Set(['plc-2', 'plc-1']) });
    expect(plan).toMatchObject({ needs: 'restart', dropped: { who: 'everyone', usernames: ['plc-1', 'plc-2'] } });
  });

  it('takes away a file that the last push wrote and this one does not', async () => {
    const before = [...first, file('acl-tokens', '')];
    const { plan } = await push({ found: before, lastPushed: await remembered(before) });
    expect(plan.files.at(-1)).toMatchObject({ file: 'acl-tokens', change: 'removed', needs: 'nothing' });
  });

  describe('after somebody changed the broker by hand', () => {
    const left = [conf, passwd(`plc-1:${hash('A')}`, `plc-2:${hash('B')}`, `bob:${hash('N')}`)];
    const found = [conf, passwd(`plc-1:${hash('Z')}`, `bob:${hash('N')}`, `eve:${hash('E')}`)];

    it('shows it, and keeps what the console does not own', async () => {
      const { files, plan } = await push({ found, lastPushed: await remembered(left) });
      expect(plan.drift).toMatchObject([{ file: 'passwd-devices', change: 'changed' }]);
      expect(plan.drift[0]?.diff).toContain('+eve:');
      expect(text(files, 'passwd-devices')).toBe(
        `plc-1:${hash('A')}\nbob:${hash('N')}\neve:${hash('E')}\nplc-2:${hash('B')}\n`,
      );
    });

    it('undoes it on request, and still keeps what was there before', async () => {
      const { files } = await push({ found, lastPushed: await remembered(left), drift: 'overwrite' });
      expect(text(files, 'passwd-devices')).toBe(`plc-1:${hash('A')}\nplc-2:${hash('B')}\nbob:${hash('N')}\n`);
    });

    it('undoes it as a whole where it is not known any more what was there before', async () => {
      const { files } = await push({ found, lastPushed: await remembered(left, false), drift: 'overwrite' });
      expect(files).toEqual(first);
    });

    it('overwrites also what cannot be read', async () => {
      const damaged = [conf, passwd('nonsense')];
      await expect(push({ found: damaged, lastPushed: await remembered(left) })).rejects.toMatchObject({
        code: 'broker/foreign-file-invalid',
      });
      const { files } = await push({ found: damaged, lastPushed: undefined, drift: 'overwrite' });
      expect(files).toEqual(first);
    });
  });
});
