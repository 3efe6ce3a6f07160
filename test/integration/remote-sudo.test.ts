// Root rights over SSH, on a real sshd with real users and a real sudo.

import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { connect, type RemoteTarget } from '../../electron/remote/connect.ts';
import { RootShell } from '../../electron/remote/root-shell.ts';
import { addHostUser, type HostUser, type SudoRight } from '../support/host-user.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const rootRights = process.getuid?.() === 0 ? [] : ['root rights'];
const sudo = (password: string) => ({ program: 'sudo', password }) as const;
const options = { timeoutMs: 20_000 };
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

async function host(right: SudoRight): Promise<{ user: HostUser; device: SshDevice }> {
  const user = await addHostUser(right);
  cleanUp.push(user.remove);
  const device = await startSshd({ login: user });
  cleanUp.push(device.stop);
  return { user, device };
}

async function login(device: SshDevice) {
  const target: RemoteTarget = { ...device, hostKey: { kind: 'pinned', fingerprint: device.fingerprint } };
  const session = await connect(target);
  cleanUp.push(async () => session.close());
  return session;
}

describeWith(
  'sshd',
  'ssh-keygen',
  'sudo',
  'useradd',
  ...rootRights,
)('sudo over SSH', () => {
  it.each(['with its password', 'without a password'] as const)('makes an ordinary login root, %s', async (right) => {
    const { user, device } = await host(right);
    const session = await login(device);
    expect((await session.runScript('id -un\n', options)).stdout).toBe(`${user.username}\n`);
    const root = await RootShell.open(session, sudo(user.password));
    expect(await root.run('id -u; echo problem >&2; exit 3\n', options)).toEqual({
      stdout: '0\n',
      stderr: expect.stringContaining('problem'),
      exitCode: 3,
    });
  });

  it('passes large scripts on to the byte', async () => {
    const { user, device } = await host('with its password');
    const root = await RootShell.open(await login(device), sudo(user.password));
    const text = 'ř'.repeat(1_000_000);
    const result = await root.run(`main() {\nwc -c <<'END'\n${text}\nEND\n}\nmain\n`, options);
    expect(result.stdout.trim()).toBe(String(2_000_001));
  });

  it('shows the password to nobody: not in argv, and never as a command', async () => {
    const { user, device } = await host('with its password');
    const root = await RootShell.open(await login(device), sudo(user.password));
    const running = root.run('sleep 1\n', options);
    const lines = new Set<string>();
    const watch = setInterval(async () => {
      for (const line of await commandLines()) lines.add(line);
    }, 50);
    const { stderr } = await running;
    clearInterval(watch);
    expect([...lines].some((line) => line.includes('sudo'))).toBe(true);
    expect([...lines].join('\n')).not.toContain(user.password);
    expect(stderr).toBe('');
  });

  it('never runs the password as a command where sudo does not ask for it', async () => {
    const { user, device } = await host('without a password');
    const root = await RootShell.open(await login(device), sudo('echo leaked; exit 9'));
    expect(await root.run('echo right\n', options)).toEqual({ stdout: 'right\n', stderr: '', exitCode: 0 });
    expect(user.password).not.toBe('');
  });

  it('tries a wrong password once and says so', async () => {
    const { device } = await host('with its password');
    const session = await login(device);
    const error = await RootShell.open(session, sudo('wr0ng-passw0rd')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'remote/wrong-sudo-password' });
    expect(JSON.stringify([error, String(error)])).not.toContain('wr0ng-passw0rd');
    await expect(RootShell.open(session, { program: 'sudo' })).rejects.toMatchObject({
      code: 'remote/wrong-sudo-password',
    });
  });

  it.each(['none', 'for one other command'] as const)('says when the login has no right: %s', async (right) => {
    const { user, device } = await host(right);
    const session = await login(device);
    const error = await RootShell.open(session, sudo(user.password)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'remote/no-sudo' });
    expect(JSON.stringify([error, String(error)])).not.toContain(user.password);
  });
});

async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
}
