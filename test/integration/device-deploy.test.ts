import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DeviceLink } from '../../electron/device/device-link.ts';
import type { DeploymentFile } from '../../electron/device/files.ts';
import { startLink } from '../support/link.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { over, scpKinds, sftpKinds, shellKinds } from '../support/transports.ts';

const secret = 'k3y-of-the-plant-7f0c9d1e2b';
/** A set of files as a deployment brings it; `generation` tells one set from another. */
const fileSet = (generation: string, padding = ''): DeploymentFile[] => [
  { name: 'ca.crt', mode: 0o644, content: `authority ${generation}\n${padding}` },
  { name: 'device.crt', mode: 0o644, content: `certificate '${generation}' $(touch /tmp/voke-evil) \\ "\`id\`" ř\n` },
  { name: 'device.key', mode: 0o600, content: `${secret} ${generation}` },
];
const names = ['ca.crt', 'device.crt', 'device.key'];
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const reported = (files: readonly DeploymentFile[]) =>
  files.map(({ name, mode, content }) => ({ name, mode, sha256: sha256(content) }));

for (const transport of [...shellKinds, ...sftpKinds, ...scpKinds])
  describeWith(...transport.programs)(`a deployment to ${transport.kind}`, () => {
    const hasShell = !sftpKinds.includes(transport);
    let device: SshDevice;
    let directory = '';
    let count = 0;
    const local = (name = '') => device.locally(join(directory, name));
    const contents = () => Promise.all(names.map((name) => readFile(local(name), 'utf8')));
    const contentsOf = (files: readonly DeploymentFile[]) => files.map(({ content }) => content);
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    const onLink = <T>(work: (link: DeviceLink) => Promise<T>, port?: number) => over(transport, device, work, port);
    const deploySet = (files: readonly DeploymentFile[], port?: number) =>
      onLink((link) => link.deploy({ directory, files }), port);
    const goBack = (of = names) => onLink((link) => link.rollback(directory, of));
    const look = () => onLink((link) => link.readState(directory, names));

    beforeAll(async () => {
      device = await transport.start();
    });
    afterAll(() => device.stop());
    beforeEach(() => {
      count += 1;
      directory = `${device.base}/voke-${count}`;
    });

    it('installs a fresh set with its modes and reads back what the device holds', async () => {
      const files = fileSet('one');
      expect(await deploySet(files)).toEqual({ files: reported(files) });
      expect(await contents()).toEqual(contentsOf(files));
      expect(await modeOf(local())).toBe(0o755);
      expect(await modeOf(local('ca.crt'))).toBe(0o644);
      expect(await modeOf(local('device.key'))).toBe(0o600);
      expect((await readdir(local())).sort()).toEqual(['.previous', ...names].sort());
      expect(await readdir(local('.previous'))).toEqual([]);
    });

    it('makes missing parents that others can pass through', async () => {
      directory = `${directory}/opt/plc`;
      await deploySet(fileSet('one'));
      expect(await modeOf(join(local(), '..'))).toBe(0o755);
    });

    it('keeps the previous generation and goes back to it, and forth again', async () => {
      const [one, two] = [fileSet('one'), fileSet('two')];
      await deploySet(one);
      await deploySet(two);
      expect(await readFile(local('.previous/device.key'), 'utf8')).toBe(one[2]?.content);
      expect(await modeOf(local('.previous'))).toBe(0o700);
      expect(await modeOf(local('.previous/device.key'))).toBe(0o600);

      const back = await goBack();
      expect(back).toEqual({ files: reported(one) });
      expect(await contents()).toEqual(contentsOf(one));
      await goBack();
      expect(await contents()).toEqual(contentsOf(two));
    });

    it('does not lose the previous generation when a deployment is repeated', async () => {
      const [one, two] = [fileSet('one'), fileSet('two')];
      for (const files of [one, two, two]) await deploySet(files);
      expect(await readFile(local('.previous/device.key'), 'utf8')).toBe(one[2]?.content);
    });

    it('removes what another auth method left, and brings it back on rollback', async () => {
      await deploySet(fileSet('one'));
      const files = [{ name: 'credentials.json', mode: 0o600, content: '{"username":"plc-1"}\n' }];
      await onLink((link) => link.deploy({ directory, files, obsolete: names }));
      expect((await readdir(local())).sort()).toEqual(['.previous', 'credentials.json']);
      await goBack([...names, 'credentials.json']);
      expect((await readdir(local())).sort()).toEqual(['.previous', ...names].sort());
    });

    it('goes back to nothing after a first deployment', async () => {
      await deploySet(fileSet('one'));
      expect(await goBack()).toEqual({ files: [] });
      expect(await readdir(local())).toEqual(['.previous']);
    });

    it('says when there is no previous generation', async () => {
      const attempt = goBack();
      await expect(attempt).rejects.toMatchObject({ code: 'device/no-previous-generation' });
    });

    it('reads the state: files, previous generation, clock and user', async () => {
      const absent = await look();
      expect(absent).toMatchObject({ directory: 'absent', files: [], previous: null, installation: 'none' });
      await deploySet(fileSet('one'));
      await deploySet(fileSet('two'));
      await writeFile(local('.installing'), '');
      const state = await look();
      expect(state).toMatchObject({
        directory: 'present',
        files: reported(fileSet('two')),
        previous: reported(fileSet('one')),
        installation: 'cutOff',
        userId: hasShell ? process.getuid?.() : null,
      });
      if (hasShell) expect(Math.abs(Date.parse(state.clock ?? '') - Date.now())).toBeLessThan(60_000);
    });

    it('takes the previous generation for whole when a run was cut off among its moves', async () => {
      const [one, two, three] = [fileSet('one'), fileSet('two'), fileSet('three')];
      await deploySet(one);
      await deploySet(two);
      // A power cut in a third deployment: the previous generation is two, one file is moved, the marker stands.
      await writeFile(local('.previous/device.key'), two[2]?.content ?? '');
      await writeFile(local('.previous/device.crt'), two[1]?.content ?? '');
      await writeFile(local('.previous/ca.crt'), two[0]?.content ?? '');
      await writeFile(local('ca.crt'), three[0]?.content ?? '');
      await writeFile(local('.installing'), '');
      await goBack();
      expect(await contents()).toEqual(contentsOf(two));
      expect(await readdir(local())).not.toContain('.installing');
    });

    it.each([
      ['directory', 'device/symbolic-link', async (path: string) => symlink('/tmp', path)],
      ['directory', 'device/not-a-directory', async (path: string) => writeFile(path, 'here first')],
      ['parent', 'device/not-a-directory', async (path: string) => writeFile(path, 'here first')],
    ] as const)('refuses a %s that is wrong: %s', async (where, code, prepare) => {
      await prepare(local());
      const before = await readdir(device.locally(device.base));
      if (where === 'parent') directory = `${directory}/voke`;
      await expect(deploySet(fileSet('one'))).rejects.toMatchObject({ code });
      expect(await readdir(device.locally(device.base))).toEqual(before);
    });

    it('refuses a target file that is a symbolic link, and leaves what it points to', async () => {
      await mkdir(local());
      await writeFile(local('elsewhere'), 'untouched');
      await symlink('elsewhere', local('device.key'));
      await expect(deploySet(fileSet('one'))).rejects.toMatchObject({ code: 'device/symbolic-link' });
      expect(await readFile(local('elsewhere'), 'utf8')).toBe('untouched');
      expect((await readdir(local())).sort()).toEqual(['device.key', 'elsewhere']);
    });

    it('refuses a directory in the place of a file', async () => {
      await mkdir(join(local(), 'device.key'), { recursive: true });
      await expect(deploySet(fileSet('one'))).rejects.toMatchObject({ code: 'device/not-a-regular-file' });
      expect(await readdir(local())).toEqual(['device.key']);
    });

    it.each([
      '/etc/vo ke',
      "/etc/vo'ke",
      '/etc/$(touch x)',
      '/etc/vo\nke',
      '/etc/../root',
      'etc/voke',
      '/etc/voke/',
      '/',
    ])('refuses the path %j at the door', async (path) => {
      const attempt = onLink((link) => link.deploy({ directory: path, files: fileSet('one') }));
      await expect(attempt).rejects.toMatchObject({ code: 'device/invalid-directory' });
    });

    it('changes nothing when an owner is unknown to the device', async () => {
      const [one, two] = [fileSet('one'), fileSet('two')];
      await deploySet(one);
      const attempt = onLink((link) => link.deploy({ directory, files: two, owner: 'no-such-user' }));
      await expect(attempt).rejects.toMatchObject(
        hasShell
          ? { code: 'device/install-failed', details: { deviceSaid: expect.stringContaining('no-such-user') } }
          : { code: 'input/invalid', fields: [{ field: 'owner' }] },
      );
      expect(await contents()).toEqual(contentsOf(one));
      expect((await readdir(local())).sort()).toEqual(['.previous', ...names].sort());
    });

    // Where files go one by one: device-transport-faults.test.ts.
    if (shellKinds.includes(transport))
      it('leaves the old set whole when the link is cut anywhere in the transfer', async () => {
        const padding = 'x'.repeat(50_000);
        const one = fileSet('one');
        await deploySet(one);
        const whole = await startLink(device.port);
        await onLink((link) => link.readState(directory, names), whole.port);
        const withoutDeployment = whole.sent();
        await whole.stop();
        for (const share of [0.05, 0.35, 0.65, 0.95]) {
          const link = await startLink(device.port, { cutAfter: withoutDeployment + Math.round(share * 50_000) });
          await expect(deploySet(fileSet('two', padding), link.port)).rejects.toMatchObject({
            code: 'remote/connection-lost',
          });
          await link.stop();
          const state = await look();
          expect(state).toMatchObject({ files: reported(one), installation: 'none' });
          expect((await readdir(local())).sort()).toEqual(['.previous', ...names].sort());
        }
        await deploySet(fileSet('two', padding));
        expect(await contents()).toEqual(contentsOf(fileSet('two', padding)));
      });

    if (hasShell)
      it('never shows a secret in the process list', async () => {
        let running = true;
        const seen = new Set<string>();
        const watch = (async () => {
          while (running) {
            const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
            const lines = await Promise.all(
              processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
            );
            for (const line of lines) seen.add(line);
          }
        })();
        for (const generation of ['one', 'two', 'three']) await deploySet(fileSet(generation, 'x'.repeat(100_000)));
        running = false;
        await watch;
        const commands = [...seen];
        // The watch did see the script at work.
        expect(commands.filter((command) => /\/\.(incoming|arriving)/.test(command)).length).toBeGreaterThan(0);
        expect(commands.filter((command) => command.includes(secret))).toEqual([]);
      });
  });
