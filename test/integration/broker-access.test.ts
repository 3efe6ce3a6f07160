// Setting up a broker behind SSH through the contract: its login, the key of each host on the way, and what is said
// when one of them does not fit. Nothing changes on the broker's host then.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type SshTargetSettings, sshTargetSchema } from '../../shared/model/broker.ts';
import type { SshTargetSecret } from '../../shared/model/broker-login.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { freePort } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const sudoPassword = 'not the one that sudo takes';

describeWith(...brokerHostPrograms)('the access to a broker behind SSH', () => {
  let host: BrokerHost;
  let jump: SshDevice;
  let console: TestConsole;

  beforeAll(async () => {
    host = await startBrokerHost('service');
    jump = await startSshd();
  });
  afterAll(() => Promise.all([host.stop(), jump.stop()]));
  beforeEach(async () => {
    console = await startCommissioned();
  });
  afterEach(() => console.dispose());

  const add = async (change: Partial<SshTargetSettings> = {}) => {
    const { brokerId } = await console.client.brokers.create({
      profile: 'voke',
      name: 'Hall 1',
      target: sshTargetSchema.parse({ ...host.settings, ...change }),
      host: 'localhost',
      subjectAltNames: [],
      ports: { mtls: await freePort(), password: await freePort(), token: await freePort() },
    });
    return brokerId;
  };
  const login = (device: SshDevice): SshTargetSecret['login'] => {
    if (device.authentication.kind === 'agent') throw new Error('no agent in the tests');
    return device.authentication;
  };
  const confirm = async (brokerId: string, role: 'jump' | 'broker') => {
    const { fingerprint } = await console.client.brokers.fetchHostKey({ brokerId, role });
    return console.client.brokers.confirmHostKey({ brokerId, role, fingerprint: `SHA256:${fingerprint}` });
  };
  const problemOf = async (brokerId: string) => (await console.client.brokers.look({ brokerId })).problem?.code;
  const filesOnHost = async () => {
    const names = (await readdir(host.configDirectory)).toSorted();
    const content = await readFile(join(host.configDirectory, 'mosquitto.conf'), 'utf8');
    return { names, content };
  };

  it('is given step by step: a login, the key of the jump host, then that of the host behind it', async () => {
    const { client } = console;
    const brokerId = await add({ jump: { host: jump.host, port: jump.port, username: jump.username } });
    const access = async () => (await client.brokers.list())[0]?.access;
    expect(await access()).toEqual({
      hasLogin: false,
      hostKeys: [
        { role: 'jump', host: jump.host, port: jump.port, confirmed: null },
        { role: 'broker', host: host.device.host, port: host.device.port, confirmed: null },
      ],
    });
    await expect(client.brokers.fetchHostKey({ brokerId, role: 'broker' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await client.brokers.setLogin({ brokerId, secret: { login: login(host.device), jumpLogin: login(jump) } });
    expect(await problemOf(brokerId)).toBe('remote/host-key-unknown');
    await expect(client.brokers.fetchHostKey({ brokerId, role: 'broker' })).rejects.toMatchObject({
      code: 'remote/host-key-unknown',
      data: { details: { port: jump.port } },
    });
    await confirm(brokerId, 'jump');
    await confirm(brokerId, 'broker');
    expect(await access()).toMatchObject({
      hasLogin: true,
      hostKeys: [{ confirmed: jump.fingerprint }, { confirmed: host.device.fingerprint }],
    });
  });

  it.each([
    ['nothing listens there', { change: { port: 1 } }, 'remote/unreachable'],
    [
      'the login is refused',
      { secret: { login: { kind: 'password', password: 'wrong' } } },
      'remote/authentication-failed',
    ],
    ['sudo refuses the password', { secret: { sudoPassword } }, 'remote/wrong-sudo-password'],
    [
      'there is no such unit',
      { change: { control: { kind: 'systemd', unit: 'nobody.service' } } },
      'broker/unit-missing',
    ],
    [
      'there is no such directory',
      { change: { configDirectory: '/nowhere/at/all' } },
      'broker/config-directory-missing',
    ],
  ] as const)('says by its own code that %s, and changes nothing', async (_what, { ...given }, code) => {
    const { client } = console;
    const { change = {}, secret = {} } = given as {
      change?: Partial<SshTargetSettings>;
      secret?: Partial<SshTargetSecret>;
    };
    const before = await filesOnHost();
    const brokerId = await add(change);
    await client.brokers.setLogin({ brokerId, secret: { login: login(host.device), ...secret } });
    if (code === 'remote/unreachable') {
      await expect(client.brokers.fetchHostKey({ brokerId, role: 'broker' })).rejects.toMatchObject({ code });
    } else {
      await confirm(brokerId, 'broker');
      await expect(client.brokers.plan({ brokerId })).rejects.toMatchObject({ code });
      expect((await endOf(console, await client.brokers.push({ brokerId }))).error?.code).toBe(code);
    }
    expect(await filesOnHost()).toEqual(before);
  });

  it('stops at another host key than the one confirmed, and shows both', async () => {
    const { client } = console;
    const brokerId = await add();
    await client.brokers.setLogin({ brokerId, secret: { login: login(host.device) } });
    await client.brokers.confirmHostKey({ brokerId, role: 'broker', fingerprint: 'A'.repeat(43) });
    const before = await filesOnHost();
    await expect(client.brokers.plan({ brokerId })).rejects.toMatchObject({
      code: 'remote/host-key-changed',
      data: { details: { confirmedFingerprint: 'A'.repeat(43), shownFingerprint: host.device.fingerprint } },
    });
    expect(await filesOnHost()).toEqual(before);
    await expect(
      client.brokers.confirmHostKey({ brokerId, role: 'broker', fingerprint: 'too short' }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(client.brokers.fetchHostKey({ brokerId, role: 'jump' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  it('keeps the login to itself, and brings the broker up with it', async () => {
    const { client } = console;
    await writeFile(join(host.configDirectory, 'mosquitto.conf'), '');
    const brokerId = await add();
    const secret = login(host.device);
    await client.brokers.setLogin({ brokerId, secret: { login: secret } });
    await confirm(brokerId, 'broker');
    const plan = await client.brokers.plan({ brokerId });
    const job = await endOf(console, await client.brokers.push({ brokerId }));
    expect(job.error).toBeNull();
    expect(job.probes.flatMap(({ results }) => results).every(({ ok }) => ok)).toBe(true);
    expect(await client.brokers.look({ brokerId })).toMatchObject({ state: 'running', problem: null });
    const told = JSON.stringify([
      plan,
      job,
      await client.brokers.list(),
      await client.audit.list({}),
      await host.log(),
    ]);
    expect(secret.kind).toBe('password');
    if (secret.kind === 'password') expect(told).not.toContain(JSON.stringify(secret.password).slice(1, -1));
  });
});
