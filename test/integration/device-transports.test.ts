// Devices without a shell and by scp, through the contract: what is said of them, what is refused, what is not changed.

import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSftpLink } from '../../electron/device/sftp/sftp-link.ts';
import type { DeviceInput } from '../../shared/model/device.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { PreflightCheckId } from '../../shared/model/preflight.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { enterDevice, entryOf } from '../support/device-entry.ts';
import { onDevice, rootRights } from '../support/devices.ts';
import { startDropbear } from '../support/dropbear.ts';
import { addHostUser } from '../support/host-user.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { type SshdOptions, startSshd } from '../support/sshd.ts';

let console: TestConsole;
let plantId: PlantId;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  console = await startCommissioned();
  ({ plantId } = await console.client.plants.create({ name: 'Plant', authMethod: 'MTLS' }));
  await console.client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
});
afterEach(async () => {
  await console.dispose();
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const sftpOnly = ['Subsystem sftp internal-sftp', 'ForceCommand internal-sftp'];
async function server(options: SshdOptions = {}): Promise<SshDevice> {
  const device = await startSshd(options);
  cleanUp.push(device.stop);
  return device;
}
async function enter(device: SshDevice, change: Partial<DeviceInput> = {}): Promise<string> {
  const entry = entryOf(device, change);
  await enterDevice(console, plantId, entry);
  return entry.directory;
}
const deploy = async () => (await endOf(console, await console.client.plants.deploy({ plantId }))).error;
const goBack = async () => (await endOf(console, await console.client.plants.rollBackDevice({ plantId }))).error;
const state = () => console.client.plants.deviceState({ plantId });
const filesIn = async (directory: string) => (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
const deployed = ['ca.crt', 'connection.json', 'device.crt', 'device.key', 'hmac.secret'];

describeWith(
  'sshd',
  'ssh-keygen',
  ...rootRights,
)('a device without a shell', () => {
  it('is looked at, gets its files, loses them, gets others and goes back', async () => {
    const { client } = console;
    const directory = await enter(await server({ lines: sftpOnly }), { transport: 'sftp', owner: '12345:12346' });
    const checks = await client.plants.preflight({ plantId });
    const verdictOf = (id: PreflightCheckId) => checks.find((check) => check.id === id)?.verdict;
    // The clock is that of a file made there, the user is its owner; the type of the file system cannot be seen.
    expect([
      verdictOf('clock'),
      verdictOf('user'),
      verdictOf('tools'),
      verdictOf('space'),
      verdictOf('target'),
    ]).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect([verdictOf('shell'), verdictOf('mount')]).toEqual(['attention', 'attention']);
    expect(checks.find(({ id }) => id === 'clock')?.offers).toEqual([]);
    expect(await readdir(join(directory, '..'))).toEqual([]);

    expect(await deploy()).toBeNull();
    expect(await filesIn(directory)).toEqual(deployed);
    expect((await run('stat', ['-c', '%u:%g %a', join(directory, 'device.key')])).trim()).toBe('12345:12346 600');
    expect(await state()).toMatchObject({ deployment: 'onDevice' });
    const first = await readFile(join(directory, 'device.crt'), 'utf8');

    await client.plants.activate({ plantId });
    await client.plants.rotate({ plantId, keyAlgorithm: 'EC-P256' });
    expect(await deploy()).toBeNull();
    expect(await readFile(join(directory, 'device.crt'), 'utf8')).not.toBe(first);
    expect(await goBack()).toBeNull();
    expect(await readFile(join(directory, 'device.crt'), 'utf8')).toBe(first);

    await rm(directory, { recursive: true });
    await endOf(console, await client.devices.scan({ plantIds: [plantId] }));
    expect(await state()).toMatchObject({ deployment: 'lost' });
  });

  it('runs nothing, and says so where something would have to run', async () => {
    const { client } = console;
    const device = await server({ lines: sftpOnly });
    await enter(device, { transport: 'sftp' });
    await expect(client.plants.setDeviceClock({ plantId })).rejects.toMatchObject({ code: 'device/no-shell' });
    for (const transport of ['shell', 'scp'] as const) {
      await enter(device, { transport });
      expect(await deploy()).toMatchObject({ code: 'device/no-shell' });
    }
    const restart = entryOf(device, {});
    await expect(
      client.plants.putDevice({ plantId, device: { ...restart, transport: 'sftp', restartCommand: 'reboot' } }),
    ).rejects.toMatchObject({ code: 'input/invalid', data: { fields: [{ field: 'device.restartCommand' }] } });
    await expect(
      client.plants.putDevice({ plantId, device: { ...restart, transport: 'sftp', owner: 'plc' } }),
    ).rejects.toMatchObject({ code: 'input/invalid', data: { fields: [{ field: 'device.owner' }] } });
    await expect(
      client.plants.putDevice({ plantId, device: { ...restart, transport: 'scp', rights: 'sudo' } }),
    ).rejects.toMatchObject({ code: 'input/invalid', data: { fields: [{ field: 'device.rights' }] } });
  });
});

describeWith('sshd', 'ssh-keygen')('a device that offers no SFTP', () => {
  it('says so, on OpenSSH without the subsystem', async () => {
    await enter(await server(), { transport: 'sftp' });
    expect(await deploy()).toMatchObject({ code: 'remote/no-sftp' });
  });
});

describeWith(
  'dropbear',
  'dropbearkey',
  'busybox',
  'openssl',
  'ssh-keygen',
  ...rootRights,
)('a bare dropbear', () => {
  it('has neither an SFTP server nor scp, and says which is missing', async () => {
    const device = await startDropbear();
    cleanUp.push(device.stop);
    await expect(onDevice(device, (session) => openSftpLink(session))).rejects.toMatchObject({
      code: 'remote/no-sftp',
    });
    const directory = await enter(device, { transport: 'scp' });
    expect(await deploy()).toMatchObject({ code: 'device/tool-missing' });
    await expect(readdir(device.locally(directory))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

for (const transport of ['shell', 'sftp', 'scp'] as const)
  describeWith(
    'sshd',
    'ssh-keygen',
    'scp',
    'useradd',
    ...rootRights,
  )(`a wrong target by ${transport}`, () => {
    const start = (options: SshdOptions = {}) => server({ ...options, lines: ['Subsystem sftp internal-sftp'] });

    it.each([
      ['device/symbolic-link', 'a link in place of the directory', (path: string) => symlink('/tmp', path)],
      ['device/not-a-directory', 'a file in place of the directory', (path: string) => writeFile(path, 'here first')],
      [
        'device/symbolic-link',
        'a link in place of a file',
        async (path: string) => {
          await mkdir(path);
          await symlink('/etc/hostname', join(path, 'device.key'));
        },
      ],
      [
        'device/not-a-regular-file',
        'a directory in place of a file',
        (path: string) => mkdir(join(path, 'device.key'), { recursive: true }),
      ],
    ] as const)('is refused with %s: %s', async (code, _what, prepare) => {
      const directory = await enter(await start(), { transport });
      await prepare(directory);
      const seen = () => run('find', [join(directory, '..'), '-printf', '%p %y %s %m %l\n']);
      const before = await seen();
      expect(await deploy()).toMatchObject({ code });
      expect(await seen()).toBe(before);
      const target = (await console.client.plants.preflight({ plantId })).find(({ id }) => id === 'target');
      expect(target).toMatchObject({ verdict: 'refused', code });
      const [credential] = await console.client.plants.credentials({ plantId });
      expect(credential).toMatchObject({ state: 'issued', secretsAvailable: true });
    });

    it('is refused for a user without rights, who changes nothing', async () => {
      const login = await addHostUser('none');
      cleanUp.push(login.remove);
      const device = await start({ login });
      await run('chmod', ['755', join(device.base, '..'), device.base]);
      await enter(device, { transport });
      expect(await deploy()).toMatchObject({ code: 'device/not-writable' });
      expect(await readdir(device.base)).toEqual([]);
    });
  });

it.each([
  ['host', 'plc.example; reboot'],
  ['host', '$(reboot)'],
  ['host', 'plc\n.example'],
  ['host', ''],
  ['port', 0],
  ['port', 65_536],
  ['port', 22.5],
  ['directory', '/etc/voke"'],
  ['directory', "/etc/'voke'"],
  ['directory', '/etc/voke\nrm'],
  ['directory', '/etc/`id`'],
  ['directory', '/etc/$HOME'],
  ['directory', 'relative'],
  ['directory', '/'],
  ['username', 'root;id'],
  ['username', '$(id)'],
  ['owner', 'mqtt client'],
  ['owner', '-R root'],
  ['owner', '$(id)'],
  ['restartCommand', 'first\nsecond'],
])('refuses at the door: %s %j', async (field, value) => {
  const device = { host: 'plc.example', username: 'root', login: { kind: 'agent' as const }, [field]: value };
  await expect(console.client.plants.putDevice({ plantId, device })).rejects.toMatchObject({
    code: 'input/invalid',
    data: { fields: expect.arrayContaining([expect.objectContaining({ field: `device.${field}` })]) },
  });
  expect(await console.client.plants.getDevice({ plantId })).toBeNull();
});
