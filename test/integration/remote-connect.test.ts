import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type RemoteAuthentication, type RemoteTarget } from '../../electron/remote/connect.ts';
import { fetchHostKey } from '../../electron/remote/host-key.ts';
import { deviceKinds, onDevice } from '../support/devices.ts';
import { freePort, run, startServer } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { startScriptedSshServer } from '../support/scripted-ssh-server.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const otherFingerprint = 'A'.repeat(43);
const pinned = (fingerprint: string) => ({ kind: 'pinned', fingerprint }) as const;

for (const { kind, programs, start } of deviceKinds) {
  describeWith(...programs)(`a session with ${kind}`, () => {
    let device: SshDevice;
    beforeAll(async () => {
      device = await start();
    });
    afterAll(() => device.stop());
    const target = (change: Partial<RemoteTarget> = {}): RemoteTarget => ({
      ...device,
      hostKey: pinned(device.fingerprint),
      ...change,
    });

    it('fetches the host key as ssh-keygen shows it, then connects to that key only', async () => {
      const key = await fetchHostKey(device);
      expect(key).toEqual({ algorithm: 'ssh-ed25519', fingerprint: device.fingerprint });
      const session = await connect(target({ hostKey: pinned(key.fingerprint) }));
      session.close();
    });

    it('stops at another host key and shows both', async () => {
      await expect(connect(target({ hostKey: pinned(otherFingerprint) }))).rejects.toMatchObject({
        code: 'remote/host-key-changed',
        details: { confirmedFingerprint: otherFingerprint, shownFingerprint: device.fingerprint },
      });
    });

    it('refuses a fingerprint that is cut short', async () => {
      const attempt = connect(target({ hostKey: pinned(device.fingerprint.slice(0, 20)) }));
      await expect(attempt).rejects.toMatchObject({ code: 'remote/host-key-changed' });
    });

    it('says that a wrong login was refused, without repeating it', async () => {
      const authentication = { kind: 'password', password: 'wr0ng-passw0rd' } as const;
      const error = await connect(target({ authentication })).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'remote/authentication-failed' });
      expect(JSON.stringify([error, String(error)])).not.toContain('wr0ng-passw0rd');
    });

    it('runs scripts one after the other, each with its own output and exit status', async () => {
      const results = await onDevice(device, (session) =>
        Promise.all([
          session.runScript('echo one; echo problem >&2; exit 3\n', { timeoutMs: 10_000 }),
          session.runScript('echo two\n', { timeoutMs: 10_000 }),
        ]),
      );
      expect(results).toEqual([
        { stdout: 'one\n', stderr: 'problem\n', exitCode: 3 },
        { stdout: 'two\n', stderr: '', exitCode: 0 },
      ]);
    });

    it('gets the exit status of a script that ends before it was read', async () => {
      const script = `exit 7\n${'# padding\n'.repeat(50_000)}`;
      const result = await onDevice(device, (session) => session.runScript(script, { timeoutMs: 10_000 }));
      expect(result.exitCode).toBe(7);
    });

    it('caps what a device says', async () => {
      const script = 'yes 0123456789 | head -n 200000\n';
      const result = await onDevice(device, (session) => session.runScript(script, { timeoutMs: 20_000 }));
      expect(result.stdout.length).toBe(1024 * 1024);
    });

    it('gives up on a script that does not end', async () => {
      const attempt = onDevice(device, (session) => session.runScript('sleep 5\n', { timeoutMs: 300 }));
      await expect(attempt).rejects.toMatchObject({ code: 'remote/timeout' });
    });

    it.each(['at once', 'in the middle'])('fails a script when the session is closed %s', async (when) => {
      const attempt = onDevice(device, async (session) => {
        const run = session.runScript('sleep 5\n', { timeoutMs: 10_000 });
        if (when === 'at once') session.close();
        else setTimeout(() => session.close(), 200);
        return await run;
      });
      await expect(attempt).rejects.toMatchObject({ code: 'remote/connection-lost' });
    });
  });
}

describeWith(
  'sshd',
  'ssh-keygen',
  'ssh-agent',
  'ssh-add',
)('key logins', () => {
  let device: SshDevice;
  let folder = '';
  let privateKeyPem = '';
  beforeAll(async () => {
    device = await startSshd();
    folder = await mkdtemp(join(tmpdir(), 'voke-keys-'));
    if (device.authentication.kind !== 'privateKey') throw new Error('sshd takes keys');
    privateKeyPem = device.authentication.privateKeyPem;
  });
  afterAll(async () => {
    await device.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const login = async (authentication: RemoteAuthentication) => {
    const session = await connect({ ...device, authentication, hostKey: pinned(device.fingerprint) });
    session.close();
  };
  const encrypted = async (passphrase: string): Promise<string> => {
    const path = join(folder, 'encrypted');
    await writeFile(path, privateKeyPem, { mode: 0o600 });
    await run('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', path]);
    return readFile(path, 'utf8');
  };

  it('opens a key with its passphrase', async () => {
    const key = await encrypted('open sesame');
    await login({ kind: 'privateKey', privateKeyPem: key, passphrase: 'open sesame' });
  });

  it('refuses a wrong passphrase, a missing one, and what is no key', async () => {
    const key = await encrypted('open sesame');
    const invalid = { code: 'remote/invalid-private-key' };
    await expect(login({ kind: 'privateKey', privateKeyPem: key, passphrase: 'wrong' })).rejects.toMatchObject(invalid);
    await expect(login({ kind: 'privateKey', privateKeyPem: key })).rejects.toMatchObject(invalid);
    await expect(login({ kind: 'privateKey', privateKeyPem: 'no key' })).rejects.toMatchObject(invalid);
  });

  it('logs in through an agent, and says when it has no right key', async () => {
    const path = join(folder, 'key');
    await writeFile(path, privateKeyPem, { mode: 0o600 });
    const socketPath = join(folder, 'agent');
    const agent = await startServer('ssh-agent', ['-D', '-a', socketPath], socketPath);
    try {
      const refused = login({ kind: 'agent', socketPath });
      await expect(refused).rejects.toMatchObject({ code: 'remote/authentication-failed' });
      await run('env', [`SSH_AUTH_SOCK=${socketPath}`, 'ssh-add', '-q', path]);
      await login({ kind: 'agent', socketPath });
    } finally {
      await agent.stop();
    }
  });
});

describe('a host that is no device', () => {
  const target = (port: number, host = '127.0.0.1'): RemoteTarget => ({
    host,
    port,
    username: 'admin',
    authentication: { kind: 'password', password: 'any' },
    hostKey: pinned(otherFingerprint),
    readyTimeoutMs: 500,
  });

  it('is unreachable when nothing listens', async () => {
    const port = await freePort();
    const unreachable = { code: 'remote/unreachable', details: { reason: 'ECONNREFUSED' } };
    await expect(connect(target(port))).rejects.toMatchObject(unreachable);
    await expect(fetchHostKey(target(port))).rejects.toMatchObject(unreachable);
  });

  it.each(['a host', '-oProxyCommand=x', '$(id)', ''])('refuses the address %j', async (host) => {
    await expect(connect(target(22, host))).rejects.toMatchObject({ code: 'remote/invalid-address' });
    await expect(fetchHostKey(target(22, host))).rejects.toMatchObject({ code: 'remote/invalid-address' });
  });

  it.each([
    ['keeps silent', 'remote/timeout', () => {}],
    ['hangs up at once', 'remote/closed-before-login', (socket: Socket) => socket.end()],
    ['resets the connection', 'remote/closed-before-login', (socket: Socket) => socket.resetAndDestroy()],
  ] as const)('that %s: %s', async (_what, code, greet) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.once('data', () => greet(socket));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(connect(target(port))).rejects.toMatchObject({ code });
    await expect(fetchHostKey(target(port))).rejects.toMatchObject({ code });
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('with outdated algorithms only is told apart', async () => {
    const server = await startScriptedSshServer(undefined, { kex: ['diffie-hellman-group1-sha1'] });
    await expect(connect(target(server.port))).rejects.toMatchObject({ code: 'remote/no-common-algorithm' });
    await expect(fetchHostKey(target(server.port))).rejects.toMatchObject({ code: 'remote/no-common-algorithm' });
    await server.stop();
  });

  it('that refuses commands is told apart', async () => {
    const server = await startScriptedSshServer();
    const { fingerprint } = await fetchHostKey(server);
    const session = await connect({ ...target(server.port), hostKey: pinned(fingerprint) });
    const attempt = session.runScript('echo hello\n', { timeoutMs: 5_000 });
    await expect(attempt).rejects.toMatchObject({ code: 'remote/command-refused' });
    session.close();
    await server.stop();
  });
});
