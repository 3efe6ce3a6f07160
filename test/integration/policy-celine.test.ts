// The exported broker of the `celine` profile, as it is: a real Mosquitto reads its mosquitto.conf, the policy service is
// started from the archive with the arguments of its compose file, and a plugin asks it as mosquitto-go-auth does. Only
// places that exist in containers alone are replaced.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { unpackTar } from 'modern-tar';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { CelineMode } from '../../shared/model/policy-celine.ts';
import { type BuiltPlugin, compilePlugin } from '../support/compile-plugin.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { PolicyTokens, plantRules } from '../support/policy-tokens.ts';
import { freePort, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const tokens = new PolicyTokens();
const host = 'broker.example';
let console: TestConsole;
let plugin: BuiltPlugin;

/** The archive below a folder of its own. */
async function unpack(file: File): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-celine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const { header, data } of await unpackTar(await file.arrayBuffer())) {
    const path = join(folder, header.name);
    if (header.type === 'directory') await mkdir(path, { recursive: true, mode: header.mode ?? 0o700 });
    else await writeFile(path, data ?? new Uint8Array(), { mode: header.mode ?? 0o600 });
  }
  return join(folder, 'voke-broker-broker-example');
}

/** A list in compose.yaml, which stands there as JSON. */
const listIn = (compose: string, image: RegExp, key: string): string[] => {
  const [, part = ''] = compose.split(image);
  const [, list = '[]'] = new RegExp(`^ {4}${key}: (\\[.*\\])$`, 'm').exec(part) ?? [];
  return (JSON.parse(list) as string[]).map((value) => value.replaceAll('$$', '$'));
};

async function startService(folder: string): Promise<number> {
  const compose = await readFile(join(folder, 'compose.yaml'), 'utf8');
  const [program = '', ...args] = listIn(compose, /image: "node:/, 'command').map((value) =>
    value.replace(/^\/app\//, `${folder}/policy-service/`).replace(/^\/policy\//, `${folder}/policy/`),
  );
  expect([program, args[args.indexOf('--port') + 1], args[args.indexOf('--host') + 1]]).toEqual([
    'node',
    '8009',
    '0.0.0.0',
  ]);
  args[args.indexOf('--port') + 1] = '0';
  args[args.indexOf('--host') + 1] = '127.0.0.1';
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [line] = await Promise.race([
    once(child.stdout?.setEncoding('utf8') ?? child, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(errors))),
  ]);
  const started = JSON.parse(String(line)) as { port: number; tls: boolean };
  expect(started.tls).toBe(true);
  return started.port;
}

/** The TLS of go-auth: it asks for the service by the name that the containers know it by. */
async function startRelay(folder: string, port: number): Promise<number> {
  const ca = await readFile(join(folder, 'mosquitto', 'ca.crt'));
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const inner = connectTls({ host: '127.0.0.1', port, ca, servername: 'policy-service' });
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => {
        socket.destroy();
        inner.destroy();
      });
    }
    socket.pipe(inner).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function startBroker(mode: CelineMode) {
  const port = await freePort();
  const file = await console.client.policyBroker.exportCeline({
    mode,
    host,
    ports: { tls: port, plain: null },
    mosquitto: '2.0',
  });
  const folder = await unpack(file);
  const relay = await startRelay(folder, await startService(folder));
  const conf = join(folder, 'mosquitto', 'mosquitto.conf');
  const rendered = await readFile(conf, 'utf8');
  const here = rendered
    .replaceAll('/etc/mosquitto/', `${dirname(conf)}/`)
    .replace('/mosquitto/go-auth.so', plugin.path)
    .replace('/var/lib/mosquitto/', `${folder}/`);
  // A container starts it as the owner of the files; left to itself it becomes another user, who cannot read them.
  await writeFile(conf, `user ${userInfo().username}\n${here}`);
  const broker = await startServer(
    programPath('env'),
    [`POLICY_RELAY_PORT=${relay}`, programPath('mosquitto'), '-c', conf],
    port,
  );
  const ca = await readFile(join(folder, 'mosquitto', 'ca.crt'));
  const clients: MqttClient[] = [];
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.stop();
  });
  const open = async (username: string, password: string): Promise<MqttClient> => {
    const settings = { username, password, ca, servername: host, protocolVersion: 5, reconnectPeriod: 0 } as const;
    const client = connect(`mqtts://127.0.0.1:${port}`, settings);
    clients.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('close', () => reject(new Error('it was not let in')));
      client.on('error', () => {});
    });
    return client;
  };
  return { broker, folder, rendered, open };
}

const reader = () => tokens.sign({ sub: 'r', scope: 'mqtt.read' });
const writer = () => tokens.sign({ sub: 'w', scope: 'mqtt.write' });

/** What a right client can do, and a wrong one cannot. */
async function expectRules(reads: MqttClient, writes: MqttClient): Promise<void> {
  const granted = (client: MqttClient, filter: string) =>
    client.subscribeAsync(filter).then(
      ([grant]) => (grant?.qos ?? 128) < 128,
      () => false,
    );
  const published = (topic: string) =>
    writes.publishAsync(topic, 'x', { qos: 1 }).then(
      () => true,
      () => false,
    );
  const heard: string[] = [];
  reads.on('message', (topic) => heard.push(topic));
  expect([await granted(reads, 'plant/#'), await granted(reads, '#'), await granted(writes, 'plant/a')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([await published('plant/a'), await published('plant/secret'), await published('other')]).toEqual([
    true,
    false,
    false,
  ]);
  await expect.poll(() => heard).toEqual(['plant/a']);
}

describeWith('mosquitto', 'gcc')('an exported broker that asks the policy', () => {
  beforeAll(async () => {
    plugin = await compilePlugin(join(import.meta.dirname, '..', 'support', 'policy-plugin', 'mosquitto_policy.c'));
    console = await startCommissioned();
    const { policy } = console.client;
    await policy.configureService({ keys: { kind: 'pem', pem: tokens.publicPem } });
    await policy.saveRules({ text: plantRules });
  });
  afterAll(async () => {
    await console.dispose();
    await plugin.remove();
  });

  it('needs rules in force, or a version', async () => {
    const { policy, policyBroker } = console.client;
    await expect(policyBroker.exportCeline({ host })).rejects.toMatchObject({ code: 'policy/no-active-rules' });
    const { name } = await policyBroker.exportCeline({ host, version: 1 });
    expect(name).toBe('voke-broker-broker-example.tar');
    await policy.activateRules({ version: 1 });
  });

  it('lets clients in by the subject of their token as username, with the token as password', async () => {
    const { open, folder } = await startBroker('http');
    await expectRules(await open('r', await reader()), await open('w', await writer()));
    await expect(open('r', await writer())).rejects.toThrow('not let in');
    await expect(open('', await writer())).rejects.toThrow('not let in');
    await expect(open('w', 'x')).rejects.toThrow('not let in');
    expect((await stat(join(folder, 'policy', 'service.key'))).mode & 0o777).toBe(0o600);
  });

  it('lets clients in by their token as username, and writes no token to the log', async () => {
    const { open, broker } = await startBroker('jwt');
    const [reads, writes] = [await reader(), await writer()];
    await expectRules(await open(reads, 'unused'), await open(writes, 'unused'));
    await expect(open('wim', writes)).rejects.toThrow('not let in');
    for (const token of [reads, writes]) expect(broker.log()).not.toContain(token);
  });

  it('does not let clients of the document in, and says so', async () => {
    const { open, folder, rendered } = await startBroker('document');
    expect(rendered).not.toContain('content_type');
    await expect(open('', await writer())).rejects.toThrow('not let in');
    await expectRules(await open('r', await reader()), await open('w', await writer()));
    expect(await readFile(join(folder, 'README.txt'), 'utf8')).toContain(
      'Clients of the CELINE document cannot log in: they send an empty username',
    );
  });
});
