// A real Mosquitto asks the stand-alone policy service, in every way that mosquitto-go-auth has of asking.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { writeFileAtomically } from '../../electron/platform/files.ts';
import { type BuiltPlugin, compilePlugin } from '../support/compile-plugin.ts';
import { PolicyTokens, plantRules, policyText } from '../support/policy-tokens.ts';
import { freePort, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const tokens = new PolicyTokens();
const openRules = policyText([{ subjects: {}, topics: ['#'], actions: '*' }]);

let plugin: BuiltPlugin;
let folder: string;
let service: { readonly child: ChildProcess; readonly port: number; errors: string };
const rulesFile = () => join(folder, 'rules.json');

async function startService(): Promise<typeof service> {
  const program = join(import.meta.dirname, '..', '..', 'electron', 'policy-service.ts');
  const key = join(folder, 'key.pem');
  await writeFile(key, tokens.publicPem);
  const args = ['--rules', rulesFile(), '--key', key, '--port', '0', '--cache-seconds', '3600'];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { child, port: 0, errors: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    started.errors += text;
  });
  const [line] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(started.errors))),
  ]);
  return Object.assign(started, JSON.parse(line) as { port: number });
}

async function stop({ child }: typeof service): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
}

describeWith('mosquitto', 'gcc')('a broker that asks the policy', () => {
  beforeAll(async () => {
    plugin = await compilePlugin(join(import.meta.dirname, '..', 'support', 'policy-plugin', 'mosquitto_policy.c'));
    folder = await mkdtemp(join(tmpdir(), 'voke-policy-'));
    await writeFile(rulesFile(), plantRules);
    service = await startService();
  });
  afterAll(async () => {
    await stop(service);
    await plugin.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function startBroker(backend: 'http' | 'jwt', mode: 'json' | 'form') {
    const port = await freePort();
    const path = join(folder, 'mosquitto.conf');
    await writeFile(
      path,
      [
        `listener ${port} 127.0.0.1`,
        // Left to itself it becomes another user, who cannot read the plugin.
        `user ${userInfo().username}`,
        'allow_anonymous false',
        `plugin ${plugin.path}`,
        `plugin_opt_backends ${backend}`,
        `plugin_opt_${backend}_port ${service.port}`,
        `plugin_opt_${backend}_getuser_uri /mqtt/user`,
        `plugin_opt_${backend}_superuser_uri /mqtt/superuser`,
        `plugin_opt_${backend}_aclcheck_uri /mqtt/acl`,
        `plugin_opt_${backend}_params_mode ${mode}`,
        `plugin_opt_${backend}_response_mode json`,
        '',
      ].join('\n'),
    );
    const broker = await startServer(programPath('mosquitto'), ['-c', path], port);
    const clients: MqttClient[] = [];
    onTestFinished(async () => {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await broker.stop();
    });
    const open = async (username: string, password: string): Promise<MqttClient> => {
      const settings = { username, password, protocolVersion: 5, reconnectPeriod: 0 } as const;
      const client = connect(`mqtt://127.0.0.1:${port}`, settings);
      clients.push(client);
      // A broker that cannot ask closes without a CONNACK.
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('close', () => reject(new Error('it was not let in')));
        client.on('error', () => {});
      });
      return client;
    };
    return {
      broker,
      open,
      login: (name: string, token: string) => (backend === 'http' ? open(name, token) : open(token, 'unused')),
    };
  }

  it.each([
    ['http', 'json'],
    ['http', 'form'],
    ['jwt', 'json'],
    ['jwt', 'form'],
  ] as const)('with the %s backend in %s', async (backend, mode) => {
    const { broker, open, login } = await startBroker(backend, mode);
    const reader = await login('reader', await tokens.sign({ sub: 'reader', scope: 'mqtt.read' }));
    const writer = await login('wri"ter &', await tokens.sign({ sub: 'wri"ter &', scope: 'mqtt.write' }));
    const admin = await login('ada', await tokens.sign({ sub: 'ada', groups: ['/admins'] }));
    const ended = Math.floor(Date.now() / 1000) - 1;
    for (const token of [
      await tokens.sign({ sub: 'nobody' }),
      await tokens.sign({ sub: 'nobody', scope: 'a', exp: ended }),
      'x',
    ])
      await expect(login('nobody', token)).rejects.toThrow();
    await expect(open('', await tokens.sign({ sub: 'w', scope: 'mqtt.write' }))).rejects.toThrow();
    if (backend === 'http')
      await expect(open('ada', await tokens.sign({ sub: 'mallory', scope: 'mqtt.write' }))).rejects.toThrow();

    // By its SUBACK: what a rule covers whole is granted, anything wider is not.
    const grants = async (client: MqttClient, ...filters: string[]) =>
      (await Promise.all(filters.map((filter) => client.subscribeAsync(filter).catch(() => [{ qos: 135 }])))).map(
        ([grant]) => (grant?.qos ?? 0) < 128,
      );
    expect(await grants(reader, 'plant/#', 'plant/+/b', '#', '+/a')).toEqual([true, true, false, false]);
    expect(await grants(writer, 'plant/a')).toEqual([false]);
    expect(await grants(admin, '#')).toEqual([true]);

    const heard: string[] = [];
    reader.on('message', (topic) => heard.push(topic));
    const publishes = async (client: MqttClient, topic: string) =>
      client.publishAsync(topic, 'x', { qos: 1 }).then(
        () => true,
        () => false,
      );
    expect(await publishes(writer, 'plant/ü b')).toBe(true);
    expect(await publishes(writer, 'plant/secret')).toBe(false);
    expect(await publishes(writer, 'other')).toBe(false);
    expect(await publishes(reader, 'plant/a')).toBe(false);
    // The superuser may publish it; that the reader does not get it is decided at delivery.
    expect(await publishes(admin, 'plant/secret')).toBe(true);
    expect(await publishes(writer, 'plant/end')).toBe(true);
    await expect.poll(() => heard).toEqual(['plant/ü b', 'plant/end']);
    expect(broker.log()).not.toContain('failed');
  });

  it('obeys a changed rule file at once, and a damaged one not at all', async () => {
    const { login } = await startBroker('http', 'json');
    const writer = await login('writer', await tokens.sign({ sub: 'writer', scope: 'mqtt.write' }));
    const mayPublish = () =>
      writer.publishAsync('other', 'x', { qos: 1 }).then(
        () => true,
        () => false,
      );
    expect(await mayPublish()).toBe(false);
    await writeFileAtomically(rulesFile(), openRules);
    await expect.poll(mayPublish, { timeout: 5000 }).toBe(true);
    await writeFile(rulesFile(), '{ "celine": ');
    await expect.poll(() => service.errors, { timeout: 5000 }).toContain('the one before stays in force');
    expect(await mayPublish()).toBe(true);
    await writeFile(rulesFile(), plantRules);
    await expect.poll(mayPublish, { timeout: 5000 }).toBe(false);
  });

  it('lets nobody in where no service answers', async () => {
    const { login } = await startBroker('http', 'json');
    const token = await tokens.sign({ sub: 'writer', scope: 'mqtt.write' });
    await login('writer', token);
    await stop(service);
    onTestFinished(async () => {
      service = await startService();
    });
    await expect(login('writer', token)).rejects.toThrow();
  });
});
