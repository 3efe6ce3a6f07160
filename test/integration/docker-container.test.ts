// The way to a broker in a container, on a private engine: found or made, asked and told, and every refusal by its code.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DockerContainer } from '../../electron/broker/targets/docker/container.ts';
import { DockerControl } from '../../electron/broker/targets/docker/control.ts';
import { DockerEngine } from '../../electron/broker/targets/docker/engine.ts';
import { loadImage } from '../../electron/broker/targets/docker/load-image.ts';
import { DockerShellHost } from '../../electron/broker/targets/docker/shell-host.ts';
import { type DockerTargetSettings, dockerTargetSchema } from '../../shared/model/broker.ts';
import { dockerPrograms, type DockerEngine as PrivateEngine, startDockerEngine } from '../support/docker-engine.ts';
import { freePort } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const image = 'eclipse-mosquitto:2';
const ports = { mtls: 28883, password: 28885, token: 28884 };

describeWith(...dockerPrograms)('a broker in a container', () => {
  let engine: PrivateEngine;
  let home: string;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto(image);
    home = await mkdtemp(join(tmpdir(), 'voke-container-'));
  });
  afterEach(() => engine.clear());
  afterAll(async () => {
    await engine.stop();
    await rm(home, { recursive: true, force: true });
  });

  const address = () => ({ kind: 'socket', path: engine.socketPath }) as const;

  function reach(settings: Partial<DockerTargetSettings> = {}) {
    const client = new DockerEngine(address());
    const target = dockerTargetSchema.parse({ kind: 'docker', engine: address(), ...settings });
    const container = new DockerContainer(client, target, ports);
    const host = new DockerShellHost(client, container);
    return { client, container, host, control: new DockerControl(client, container, host) };
  }

  const fromImage = { create: { image, network: 'host' } } as const;

  /** A container like the task document's, with what it mounts. */
  async function start(name: string, binds: string[], labels: Record<string, string> = {}) {
    const container = await engine.docker.createContainer({
      name,
      Image: image,
      Labels: labels,
      HostConfig: { NetworkMode: 'host', Binds: binds, RestartPolicy: { Name: 'unless-stopped' } },
    });
    await container.start();
  }

  async function configuration(name: string, port: number): Promise<string> {
    const directory = join(home, name);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    return directory;
  }

  /** A made container begins without any configuration. */
  async function startMade({ host, control }: Pick<ReturnType<typeof reach>, 'host' | 'control'>) {
    await host.run('echo "listener 0 /mosquitto/data/broker.sock" > /mosquitto/config/mosquitto.conf', {
      timeoutMs: 10_000,
    });
    await control.restart();
  }

  const script =
    'umask 077\ncat > /mosquitto/config/probe <<END\nhello\nEND\nchown 1883:1883 /mosquitto/config/probe\n';

  it('is found by its name and by a label', async () => {
    const directory = await configuration('by-name', await freePort());
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`], { role: 'broker' });
    expect((await reach().container.require()).name).toBe('cpi-mosquitto');
    const byLabel = reach({ container: { by: 'label', label: 'role=broker' } });
    expect((await byLabel.container.require()).name).toBe('cpi-mosquitto');
    expect(await reach({ container: { by: 'label', label: 'role=other' } }).container.find()).toBeUndefined();
  });

  it('is not guessed when several carry the label', async () => {
    for (const name of ['one', 'two']) {
      await start(name, [`${await configuration(name, await freePort())}:/mosquitto/config`], { role: 'broker' });
    }
    await expect(reach({ container: { by: 'label', label: 'role' } }).container.find()).rejects.toMatchObject({
      code: 'broker/container-ambiguous',
    });
  });

  it('is missing by its own code, and made only when an image is named that is there', async () => {
    await expect(reach().container.ensure()).rejects.toMatchObject({ code: 'broker/container-missing' });
    await expect(
      reach({ create: { image: 'nobody/has-this:1', network: 'host' } }).container.ensure(),
    ).rejects.toMatchObject({ code: 'broker/image-missing' });
    expect(await engine.docker.listContainers({ all: true })).toEqual([]);
  });

  it('is made with volumes, without being started, and restarts always', async () => {
    const { container, host } = reach({ create: { image, network: 'published' } });
    const found = await container.ensure();
    expect(found).toMatchObject({ name: 'cpi-mosquitto', isUp: false, notices: [] });
    const { HostConfig, Mounts } = await engine.docker.getContainer(found.id).inspect();
    expect(HostConfig.RestartPolicy?.Name).toBe('always');
    expect(HostConfig.PortBindings).toMatchObject({ '28883/tcp': [{ HostPort: '28883' }] });
    expect(Mounts.map(({ Type, Destination }) => `${Type} ${Destination}`)).toContain('volume /mosquitto/config');
    expect((await container.ensure()).id).toBe(found.id);
    expect(await host.run('ls -A /mosquitto/config', { timeoutMs: 10_000 })).toMatchObject({ stdout: '', exitCode: 0 });
  });

  it('runs scripts beside it while it is stopped and inside it while it runs, on the same files', async () => {
    const made = reach(fromImage);
    const { container, host } = made;
    await container.ensure();
    expect((await host.run(script, { timeoutMs: 10_000 })).exitCode).toBe(0);
    await startMade(made);
    const read = await host.run('ls -ln /mosquitto/config/probe; cat /mosquitto/config/probe; echo no >&2; exit 7', {
      timeoutMs: 10_000,
    });
    expect(read.stdout).toMatch(/^-rw------- +1 1883 +1883 .*probe\nhello\n$/);
    expect(read).toMatchObject({ stderr: 'no\n', exitCode: 7 });
    const helpers = await engine.docker.listContainers({ all: true, filters: { label: ['voke-console.helper'] } });
    expect(helpers).toEqual([]);
  });

  it('passes a large script and a large answer whole, and cuts an answer where it is told to', async () => {
    const made = reach(fromImage);
    const { container, host } = made;
    await container.ensure();
    const lines = 'x'.repeat(99).concat('\n').repeat(50_000);
    const echo = `cat <<'END'\n${lines}END`;
    const options = { timeoutMs: 30_000, outputCap: 10_000_000 };
    expect((await host.run(echo, options)).stdout).toBe(lines);
    await startMade(made);
    expect((await host.run(echo, options)).stdout).toBe(lines);
    expect((await host.run(echo, { timeoutMs: 30_000 })).stdout).toHaveLength(1024 * 1024);
  });

  it('ends a script that does not end, and keeps no container for it', async () => {
    const { container, host } = reach(fromImage);
    await container.ensure();
    await expect(host.run('sleep 600', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'broker/engine-timeout' });
    expect(await engine.docker.listContainers({ filters: { label: ['voke-console.helper'] } })).toEqual([]);
  });

  it('runs many scripts beside it at once: none is in the way of another', async () => {
    const { container, host } = reach(fromImage);
    await container.ensure();
    // One begins whenever another ends.
    const inTurn = async (numbers: readonly number[]) => {
      const codes: (number | null)[] = [];
      for (const number of numbers) codes.push((await host.run(`exit ${number}`, { timeoutMs: 60_000 })).exitCode);
      return codes;
    };
    const rows = [1, 2, 3, 4, 5, 6].map((row) => [row, row + 10, row + 20, row + 30]);
    expect(await Promise.all(rows.map(inTurn))).toEqual(rows);
  });

  it('removes what a console that was killed left beside it long ago, and nothing of late', async () => {
    const { container, host } = reach(fromImage);
    await container.ensure();
    const helperOf = async (name: string) => {
      const { id } = await engine.docker.createContainer({
        name,
        Image: image,
        Labels: { 'voke-console.helper': '' },
        Entrypoint: ['true'],
        HostConfig: { NetworkMode: 'none' },
      });
      return id;
    };
    const [old] = [await helperOf('old'), await helperOf('of-late')];
    await engine.crash();
    await engine.backdate(old, 2 * 3600);
    await engine.revive();
    await host.run('true', { timeoutMs: 10_000 });
    const names = (await engine.docker.listContainers({ all: true })).flatMap(({ Names }) => Names).sort();
    expect(names).toEqual(['/cpi-mosquitto', '/of-late']);
  });

  it('tells its version before there is a container, and asks nothing of the network for it', async () => {
    expect(await reach(fromImage).control.version()).toMatch(/^mosquitto version 2\./);
    expect(await engine.docker.listContainers({ all: true })).toEqual([]);
  });

  it('rereads its files by a signal from inside', async () => {
    const directory = await configuration('reload', await freePort());
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`]);
    const { control } = reach();
    const before = await control.log(100);
    await control.reload();
    await expect
      .poll(async () => (await control.log(100)).slice(before.length).join('\n'))
      .toContain('Reloading config');
    expect(await control.isRunning()).toBe(true);
  });

  it('still comes back by itself after a signal to reread: the engine does not take it for stopped by hand', async () => {
    const directory = await configuration('comes-back', await freePort());
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`]);
    const { host, control } = reach();
    await control.reload();
    await host.run('kill -TERM 1', { timeoutMs: 10_000 });
    const inspect = async () => engine.docker.getContainer('cpi-mosquitto').inspect();
    await expect.poll(async () => (await inspect()).RestartCount).toBe(1);
    await expect.poll(() => control.isRunning()).toBe(true);
  });

  it('starts, stops, and says why it did not start, without being started again and again', async () => {
    const port = await freePort();
    const directory = await configuration('restart', port);
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`]);
    const { container, control } = reach();
    await control.stop();
    await control.stop();
    expect(await control.isRunning()).toBe(false);
    await expect(control.reload()).rejects.toMatchObject({ code: 'broker/not-running' });
    await control.restart();
    expect(await control.isRunning()).toBe(true);

    await writeFile(join(directory, 'mosquitto.conf'), 'no_such_option true\n');
    await expect(control.restart()).rejects.toMatchObject({
      code: 'broker/start-failed',
      message: expect.stringContaining('no_such_option'),
    });
    expect((await container.require()).isUp).toBe(false);
  });

  it('says which port is busy', async () => {
    const port = await freePort();
    await start('squatter', [`${await configuration('squatter', port)}:/mosquitto/config`]);
    await expect
      .poll(() => reach({ container: { by: 'name', name: 'squatter' } }).control.log(10))
      .toContainEqual(expect.stringContaining('running'));
    const directory = await configuration('busy', port);
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`]);
    await expect(reach().control.restart()).rejects.toMatchObject({
      code: 'broker/port-busy',
      details: { port: `${port}` },
    });
  });

  it('advises on its restart policy and on ports that it does not publish', async () => {
    const directory = await configuration('advice', await freePort());
    await start('cpi-mosquitto', [`${directory}:/mosquitto/config`]);
    expect((await reach().container.require()).notices).toEqual([expect.stringContaining('restart: always')]);
    await engine.docker.createContainer({ name: 'bridged', Image: image });
    const { notices } = await reach({ container: { by: 'name', name: 'bridged' } }).container.require();
    expect(notices.join(' ')).toMatch(/does not come back after a reboot.*28883, 28885, 28884/);
  });

  it('refuses single mounted files, no mount, and a read-only one, each by its own code', async () => {
    const directory = await configuration('mounts', await freePort());
    const cases = [
      [`${directory}/mosquitto.conf:/mosquitto/config/mosquitto.conf`, 'broker/single-file-mount'],
      [`${directory}:/mosquitto/elsewhere`, 'broker/not-mounted'],
      [`${directory}:/mosquitto/config:ro`, 'broker/not-writable'],
    ] as const;
    for (const [bind, code] of cases) {
      await engine.docker.createContainer({ name: 'cpi-mosquitto', Image: image, HostConfig: { Binds: [bind] } });
      await expect(reach().container.ensure()).rejects.toMatchObject({ code });
      await engine.clear();
    }
    expect(await readFile(join(directory, 'mosquitto.conf'), 'utf8')).toContain('listener');
  });

  it('takes an image from a file, and refuses what is none', async () => {
    const file = join(home, 'image.tar');
    const saved = await engine.docker.getImage(image).get();
    const chunks: Buffer[] = [];
    for await (const chunk of saved) chunks.push(Buffer.from(chunk));
    await writeFile(file, Buffer.concat(chunks));
    await engine.docker.getImage(image).remove({ force: true });
    try {
      const { client, control } = reach(fromImage);
      await expect(control.version()).rejects.toMatchObject({ code: 'broker/image-missing' });
      expect(await loadImage(client, file)).toEqual([image]);
      expect(await control.version()).toContain('mosquitto version');

      await writeFile(file, 'this is no tar');
      await expect(loadImage(client, file)).rejects.toMatchObject({ code: 'broker/image-unreadable' });
      await expect(loadImage(client, join(home, 'absent'))).rejects.toMatchObject({ code: 'broker/image-unreadable' });
    } finally {
      await engine.importMosquitto(image);
    }
  });

  it('is reached over TCP with TLS, and over nothing that cannot prove itself', async () => {
    const tcp = { kind: 'tcp', host: 'localhost', port: engine.tls.port } as const;
    const material = ({ ca, cert, key }: typeof engine.tls.client) => ({
      authorityPem: ca,
      certificatePem: cert,
      keyPem: key,
    });
    const client = new DockerEngine(tcp, material(engine.tls.client));
    const container = new DockerContainer(client, dockerTargetSchema.parse({ kind: 'docker', ...fromImage }), ports);
    await container.ensure();
    const host = new DockerShellHost(client, container);
    expect(await host.run('echo hello', { timeoutMs: 10_000 })).toMatchObject({ stdout: 'hello\n', exitCode: 0 });
    await startMade({ host, control: new DockerControl(client, container, host) });
    expect(await host.run('echo hello', { timeoutMs: 10_000 })).toMatchObject({ stdout: 'hello\n', exitCode: 0 });

    const ask = (reached: DockerEngine) => reached.call((docker) => docker.version());
    const untrusted = { code: 'broker/engine-untrusted' };
    await expect(ask(new DockerEngine(tcp, material(engine.tls.stranger)))).rejects.toMatchObject(untrusted);
    const wrongAuthority = { ...material(engine.tls.client), authorityPem: engine.tls.stranger.cert };
    await expect(ask(new DockerEngine(tcp, wrongAuthority))).rejects.toMatchObject(untrusted);
    expect(() => new DockerEngine(tcp)).toThrow(expect.objectContaining(untrusted));
    expect(() => new DockerEngine(tcp, { ...material(engine.tls.client), keyPem: 'no key' })).toThrow(
      expect.objectContaining(untrusted),
    );
  });

  it('keeps the key of its engine out of what its libraries print for debugging', async () => {
    const { client: material, port } = engine.tls;
    const program = `
      import { DockerEngine } from ${JSON.stringify(join(import.meta.dirname, '../../electron/broker/targets/docker/engine.ts'))};
      const [authorityPem, certificatePem, keyPem] = JSON.parse(process.env.MATERIAL);
      const tls = { authorityPem, certificatePem, keyPem };
      await new DockerEngine({ kind: 'tcp', host: 'localhost', port: ${port} }, tls).call((docker) => docker.version());
    `;
    const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, DEBUG: '*', MATERIAL: JSON.stringify([material.ca, material.cert, material.key]) },
    });
    expect(stderr).toContain('/version');
    const keyLine = material.key.split('\n')[1] ?? '';
    expect(keyLine.length).toBeGreaterThan(20);
    expect(stderr).not.toContain(keyLine);
  });

  it('is asked at the engine that was named, whatever the environment says', async () => {
    process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
    try {
      const { Version } = await new DockerEngine(address()).call((docker) => docker.version());
      expect(Version).toMatch(/^\d/);
      await new DockerEngine({ kind: 'namedPipe', path: engine.socketPath }).call((docker) => docker.ping());
    } finally {
      delete process.env.DOCKER_HOST;
    }
  });

  it('says when no engine runs', async () => {
    const absent = new DockerEngine({ kind: 'socket', path: join(home, 'no.sock') });
    await expect(absent.call((docker) => docker.version())).rejects.toMatchObject({
      code: 'broker/engine-not-running',
    });
  });
});
