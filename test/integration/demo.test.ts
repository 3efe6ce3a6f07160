// `npm run demo` as a newcomer runs it, on every broker that it offers.

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { buildJwtPlugin } from '../support/jwt-plugin.ts';
import { describeWith, programPath } from '../support/requirements.ts';
import { startSshd } from '../support/sshd.ts';

const run = promisify(execFile);

type Report = { ok: boolean; steps: { name: string; ok: boolean; ms: number; detail?: string }[] };

async function demo(...args: string[]): Promise<Report> {
  const { stdout } = await run(process.execPath, ['scripts/demo.ts', '--json', ...args]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const namesOf = ({ steps }: Report) => steps.map(({ name }) => name);

describeWith(...dockerPrograms)('the demo in a container', () => {
  it('does the main job there, and leaves nothing on the engine', async () => {
    const engine = await startDockerEngine();
    const plugin = await buildJwtPlugin();
    try {
      await engine.importMosquitto('mosquitto-with-jwt:2', { jwtPlugin: plugin.path });
      const docker = ['--broker', 'docker', '--docker-socket', engine.socketPath];
      const report = await demo(...docker, '--docker-image', 'mosquitto-with-jwt:2');
      expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(report.ok).toBe(true);
      expect(namesOf(report)).toContain('TOKEN: the plant connects and publishes');
      expect(await engine.docker.listContainers({ all: true })).toEqual([]);
      expect((await engine.docker.listVolumes()).Volumes).toEqual([]);

      const withoutImage = await demo(...docker).catch((error) => error);
      expect(withoutImage).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('The image is not on the Docker engine'),
      });
    } finally {
      await engine.stop();
      await plugin.remove();
    }
    const withoutEngine = await demo('--broker', 'docker', '--docker-socket', engine.socketPath).catch(
      (error) => error,
    );
    expect(withoutEngine).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('The Docker engine does not answer'),
    });
  });
});

describeWith(...dockerPrograms)('the demo in a container, where no engine has an image of Mosquitto', () => {
  it('brings its own engine', async () => {
    const report = await demo('--broker', 'docker');
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.ok).toBe(true);
  });
});

describe('the demo', () => {
  it('does the main job on the practice plant', async () => {
    const report = await demo();
    expect(report.ok).toBe(true);
    expect(report.steps.every(({ ok, ms }) => ok && Number.isFinite(ms))).toBe(true);
    expect(namesOf(report)).toEqual(
      expect.arrayContaining([
        'MTLS: the plant connects and publishes',
        'PASSWORD: the plant connects and publishes',
        'TOKEN: the plant connects and publishes',
        "Another plant's topic stays silent",
        'PASSWORD: rotate',
        'MTLS: revoke, and the broker refuses it',
      ]),
    );
  });

  it('does it on a real Mosquitto, and says which listener it had to leave out', async () => {
    const report = await demo('--broker', 'process');
    expect(report.ok).toBe(true);
    expect(namesOf(report)).toContain('TOKEN: the listener was left out');
  });

  it('does all of it on a real Mosquitto with a JWT plugin', async () => {
    const plugin = await buildJwtPlugin();
    try {
      const report = await demo('--broker', 'process', '--jwt-plugin', plugin.path);
      expect(report.ok).toBe(true);
      expect(namesOf(report)).toContain('TOKEN: the plant connects and publishes');
    } finally {
      await plugin.remove();
    }
  });

  it('brings a credential onto a real device', async () => {
    const sshd = await startSshd();
    const key = join(sshd.base, '..', 'client-key');
    try {
      const address = `ssh://${sshd.username}@127.0.0.1:${sshd.port}${sshd.base}/voke`;
      const report = await demo('--device', address, '--device-key', key);
      expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(report.ok).toBe(true);
      expect((await stat(join(sshd.base, 'voke', 'device.key'))).mode & 0o777).toBe(0o600);
      const nowhere = await demo('--device', address.replace('ssh:', 'http:')).catch((error) => error);
      expect(nowhere).toMatchObject({ code: 1, stdout: expect.stringContaining('ssh://user@host:port/directory') });
      const open = await demo('--device', address.replace('@', ':secret@')).catch((error) => error);
      expect(open).toMatchObject({ code: 1, stdout: expect.stringContaining('VOKE_DEVICE_PASSWORD') });
    } finally {
      await sshd.stop();
    }
  });

  it('fails with exit status 1 and says at which step', async () => {
    // For the right machine, but no plugin: only the broker itself can tell.
    const notAPlugin = programPath('mosquitto');
    const failure = await demo('--broker', 'process', '--jwt-plugin', notAPlugin).catch((error) => error);
    expect(failure).toMatchObject({ code: 1 });
    const report: Report = JSON.parse(failure.stdout.trim().split('\n').at(-1));
    expect(report.ok).toBe(false);
    expect(report.steps.at(-1)).toMatchObject({
      name: 'Configure the broker',
      ok: false,
      detail: expect.stringContaining('broker/start-failed'),
    });
  });
});
