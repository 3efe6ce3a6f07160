// How a device is come to, through the contract: logins, rights, a host on the way, outdated algorithms.

import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeviceInput } from '../../shared/model/device.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { confirmKey, enterDevice, entryOf, loginOf } from '../support/device-entry.ts';
import { rootRights } from '../support/devices.ts';
import { addDoasRule, addHostUser, type HostUser, type SudoRight } from '../support/host-user.ts';
import { endOf } from '../support/jobs.ts';
import { run, startServer } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { type SshdOptions, startSshd } from '../support/sshd.ts';

let console: TestConsole;
let plantId: PlantId;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  console = await startCommissioned();
  ({ plantId } = await console.client.plants.create({ name: 'Plant', authMethod: 'MTLS' }));
  await console.client.plants.provision({ plantId });
});
afterEach(async () => {
  await console.dispose();
  for (const work of cleanUp.splice(0).reverse()) await work();
});

async function server(options: SshdOptions = {}): Promise<SshDevice> {
  const device = await startSshd(options);
  cleanUp.push(device.stop);
  return device;
}

async function user(right: SudoRight = 'none'): Promise<HostUser> {
  const added = await addHostUser(right);
  cleanUp.push(added.remove);
  return added;
}

/** A folder of root's that the login of a device may not write to. */
async function rootsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-of-root-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  await run('chmod', ['755', folder]);
  return folder;
}

const deploy = async () => (await endOf(console, await console.client.plants.deploy({ plantId }))).error;

async function enter(device: SshDevice, change: Partial<DeviceInput> = {}): Promise<DeviceInput> {
  const entry = entryOf(device, change);
  await enterDevice(console, plantId, entry);
  return entry;
}

describeWith(
  'sshd',
  'ssh-keygen',
  'sudo',
  'doas',
  'useradd',
  ...rootRights,
)('the rights on a device', () => {
  it.each(['with its password', 'without a password'] as const)(
    'are root by sudo, %s: files, their owner and the restart command',
    async (right) => {
      const [login, client, folder] = [await user(right), await user(), await rootsFolder()];
      const mark = join(folder, 'restarted');
      await enter(await server({ login }), {
        directory: join(folder, 'voke'),
        rights: 'sudo',
        owner: client.username,
        restartCommand: `id -u > ${mark}; ls '${join(folder, 'voke')}' >> ${mark}`,
      });
      expect(await deploy()).toBeNull();
      const key = await stat(join(folder, 'voke/device.key'));
      expect([key.uid, key.mode & 0o777]).toEqual([Number(await run('id', ['-u', client.username])), 0o600]);
      expect((await readFile(mark, 'utf8')).split('\n')).toEqual(expect.arrayContaining(['0', 'device.key']));
    },
  );

  it('take a password of their own where the login has none', async () => {
    const [login, folder] = [await user('with its password'), await rootsFolder()];
    const device = await server({ login });
    const rights = { rights: 'sudo', directory: join(folder, 'voke') } as const;
    await enter(device, { ...rights, rightsPassword: 'wr0ng-passw0rd' });
    expect(await deploy()).toMatchObject({ code: 'remote/wrong-sudo-password' });
    await enter(device, { ...rights, rightsPassword: login.password });
    expect(await console.client.plants.getDevice({ plantId })).toMatchObject({ hasRightsPassword: true });
    expect(await deploy()).toBeNull();
  });

  it('are root by doas where its rule asks for no password', async () => {
    const [login, folder] = [await user(), await rootsFolder()];
    cleanUp.push(await addDoasRule(login, 'nopass'));
    await enter(await server({ login }), { directory: join(folder, 'voke'), rights: 'doas' });
    expect(await deploy()).toBeNull();
    expect((await stat(join(folder, 'voke/device.key'))).uid).toBe(0);
  });

  it.each(['', 'no rule at all'] as const)('are refused by doas otherwise: rule %j', async (rule) => {
    const [login, folder] = [await user(), await rootsFolder()];
    if (rule === '') cleanUp.push(await addDoasRule(login, rule));
    await enter(await server({ login }), { directory: join(folder, 'voke'), rights: 'doas' });
    expect(await deploy()).toMatchObject({ code: 'remote/no-doas' });
    await expect(stat(join(folder, 'voke'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are those of the login otherwise, which are told to be too few', async () => {
    const [login, folder] = [await user(), await rootsFolder()];
    await enter(await server({ login }), { directory: join(folder, 'voke') });
    expect(await deploy()).toMatchObject({ code: 'device/not-writable' });
    await expect(stat(join(folder, 'voke'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describeWith('sshd', 'ssh-keygen')('a host on the way to a device', () => {
  it('has a key of its own, which is confirmed first, and a login of its own', async () => {
    const { client } = console;
    const [jump, device] = [await server(), await server()];
    const { host, port, username } = jump;
    const entry = entryOf(device, { jump: { host, port, username }, jumpLogin: loginOf(jump) });
    expect(await client.plants.putDevice({ plantId, device: entry })).toMatchObject({
      jump: { host, port, username },
      jumpAuthentication: 'privateKey',
      jumpHostKeyFingerprint: null,
    });
    const unknownJump = { code: 'remote/host-key-unknown', data: { details: { port } } };
    await expect(client.plants.fetchHostKey({ plantId })).rejects.toMatchObject(unknownJump);
    await confirmKey(console, plantId, 'jump');
    expect(await deploy()).toMatchObject({ code: 'remote/host-key-unknown' });
    await confirmKey(console, plantId);
    expect(await client.plants.getDevice({ plantId })).toMatchObject({
      jumpHostKeyFingerprint: jump.fingerprint,
      hostKeyFingerprint: device.fingerprint,
    });
    expect(await deploy()).toBeNull();
    await client.plants.confirmHostKey({ plantId, role: 'jump', fingerprint: 'A'.repeat(43) });
    await expect(client.plants.preflight({ plantId })).rejects.toMatchObject({ code: 'remote/host-key-changed' });
  });

  it('is not asked for where there is none', async () => {
    await enter(await server());
    const attempt = console.client.plants.fetchHostKey({ plantId, role: 'jump' });
    await expect(attempt).rejects.toMatchObject({ code: 'input/invalid', data: { fields: [{ field: 'role' }] } });
  });

  it('gets no stored login that was not given for it, and takes both confirmed keys along when it changes', async () => {
    const { client } = console;
    const { login: _stored, ...device } = await enter(await server());
    const jump = { host: 'jump.example', port: 22, username: 'hop' };
    await expect(client.plants.putDevice({ plantId, device: { ...device, jump } })).rejects.toMatchObject({
      code: 'input/invalid',
      data: { fields: [{ field: 'device.login' }] },
    });
    const login = { kind: 'password', password: 'x' } as const;
    await client.plants.putDevice({ plantId, device: { ...device, login, jump } });
    expect(await client.plants.getDevice({ plantId })).toMatchObject({
      jumpAuthentication: null,
      hostKeyFingerprint: null,
    });
    await client.plants.confirmHostKey({ plantId, role: 'jump', fingerprint: 'A'.repeat(43) });
    for (const change of [{ username: 'other' }, { port: 23 }, { host: 'evil.example' }]) {
      const elsewhere = { ...device, jump: { ...jump, ...change } };
      await expect(client.plants.putDevice({ plantId, device: elsewhere })).rejects.toMatchObject({
        code: 'input/invalid',
        data: { fields: [expect.anything()] },
      });
    }
    await client.plants.putDevice({ plantId, device: { ...device, jump, directory: '/opt/voke' } });
    expect(await client.plants.getDevice({ plantId })).toMatchObject({ jumpHostKeyFingerprint: 'A'.repeat(43) });
    await client.plants.putDevice({ plantId, device: { ...device, login, jump: { ...jump, port: 23 } } });
    expect(await client.plants.getDevice({ plantId })).toMatchObject({ jumpHostKeyFingerprint: null });
  });
});

describeWith(
  'sshd',
  'ssh-keygen',
  'ssh-agent',
  'ssh-add',
  'useradd',
  ...rootRights,
)('the login to a device', () => {
  it('is by a key with its passphrase', async () => {
    const device = await server();
    const { privateKeyPem } = loginOf(device) as { privateKeyPem: string };
    const folder = await rootsFolder();
    const path = join(folder, 'key');
    await writeFile(path, privateKeyPem, { mode: 0o600 });
    await run('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', path]);
    const locked = { kind: 'privateKey', privateKeyPem: await readFile(path, 'utf8') } as const;
    await enter(device, { login: locked });
    expect(await deploy()).toMatchObject({ code: 'remote/invalid-private-key' });
    await enter(device, { login: { ...locked, passphrase: 'open sesame' } });
    expect(await deploy()).toBeNull();
  });

  it('is by an agent', async () => {
    const device = await server();
    const folder = await rootsFolder();
    const [socket, path] = [join(folder, 'agent'), join(folder, 'key')];
    await writeFile(path, (loginOf(device) as { privateKeyPem: string }).privateKeyPem, { mode: 0o600 });
    const agent = await startServer('ssh-agent', ['-D', '-a', socket], socket);
    cleanUp.push(() => agent.stop());
    await run('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', path]);
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = socket;
    try {
      await enter(device, { login: { kind: 'agent' } });
      expect(await deploy()).toBeNull();
    } finally {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    }
  });

  it('is by keyboard-interactive where passwords are left to PAM', async () => {
    const login = await user();
    const device = await server({ login, passwordMethod: 'keyboard-interactive' });
    const folder = await rootsFolder();
    await mkdir(join(folder, 'own'));
    await run('chown', [login.username, join(folder, 'own')]);
    await enter(device, { directory: join(folder, 'own/voke') });
    expect(await deploy()).toBeNull();
  });
});

describeWith('sshd', 'ssh-keygen')('host keys', () => {
  it('by outdated algorithms are trusted where the device is allowed to, and nowhere else', async () => {
    const device = await server({
      hostKeyType: 'rsa',
      lines: ['HostKeyAlgorithms ssh-rsa', 'KexAlgorithms diffie-hellman-group14-sha1'],
    });
    await console.client.plants.putDevice({ plantId, device: entryOf(device) });
    await expect(confirmKey(console, plantId)).rejects.toMatchObject({ code: 'remote/no-common-algorithm' });
    await enter(device, { allowsLegacyAlgorithms: true });
    expect(await deploy()).toBeNull();
    const { login: _stored, ...entry } = entryOf(device);
    await console.client.plants.putDevice({ plantId, device: entry });
    expect((await endOf(console, await console.client.plants.rollBackDevice({ plantId }))).error).toMatchObject({
      code: 'remote/no-common-algorithm',
    });
  });

  it.each([
    ['ssh-rsa', { hostKeyType: 'rsa', lines: ['HostKeyAlgorithms ssh-rsa'] }],
    ['aes128-cbc', { lines: ['Ciphers aes128-cbc'] }],
    ['3des-cbc', { lines: ['Ciphers 3des-cbc'] }],
    ['hmac-md5', { lines: ['Ciphers aes128-ctr', 'MACs hmac-md5'] }],
    ['diffie-hellman-group-exchange-sha1', { lines: ['KexAlgorithms diffie-hellman-group-exchange-sha1'] }],
  ] as const)('with %s alone need that permission', async (_name, options) => {
    const device = await server(options);
    await console.client.plants.putDevice({ plantId, device: entryOf(device) });
    await expect(confirmKey(console, plantId)).rejects.toMatchObject({ code: 'remote/no-common-algorithm' });
    await enter(device, { allowsLegacyAlgorithms: true });
    expect(await console.client.plants.preflight({ plantId })).not.toEqual([]);
  });

  it('that two devices share are pointed out', async () => {
    const { client } = console;
    const other = await client.plants.create({ name: 'Clone', authMethod: 'MTLS' });
    const third = await client.plants.create({ name: 'Same device', authMethod: 'MTLS' });
    const device = entryOf(await server());
    await enterDevice(console, plantId, device);
    await enterDevice(console, third.plantId, { ...device, directory: '/opt/other' });
    await client.plants.putDevice({ plantId: other.plantId, device: { ...device, host: 'localhost' } });
    const sharesOf = async (id: PlantId) => (await client.plants.getDevice({ plantId: id }))?.sharesHostKeyWith;
    expect(await sharesOf(plantId)).toEqual([]);
    await confirmKey(console, other.plantId);
    expect((await sharesOf(plantId))?.toSorted()).toEqual([other.plantId]);
    expect((await sharesOf(other.plantId))?.toSorted()).toEqual([plantId, third.plantId].toSorted());
  });
});
