// What the profiles promise, asked of a real mosquitto: who gets in at plantops and who does not, what others wrote
// survives a push there, and a token key is changed without anybody being left outside.

import { createHash, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { assemblePush } from '../../electron/broker/assemble-push.ts';
import { lintBrokerFiles } from '../../electron/broker/lint.ts';
import { probeConnect } from '../../electron/broker/probe.ts';
import { type PlantopsProfileInput, renderPlantopsProfile } from '../../electron/broker/profiles/plantops.ts';
import { renderVokeProfile, type VokeProfileInput } from '../../electron/broker/render.ts';
import { findMosquitto } from '../../electron/broker/targets/mosquitto-program.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';
import { BrokerScene, consoleUsername, passwordHash, plantIds } from '../support/mosquitto.ts';
import { freePort, type RunningServer, startServer } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const account = process.getuid?.() === 0 ? 'root' : null;

const write = (directory: string, files: BrokerFiles) =>
  Promise.all(files.map(({ name, content, mode }) => writeFile(join(directory, name), content, { mode })));

/** Until it is so, for as long as the test may last. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describeWith('mosquitto')('the plantops profile on mosquitto', () => {
  let directory: string;
  let broker: RunningServer;
  let ports: { mqtt: number; webSockets: number };

  const input = (passwordUsers: PlantopsProfileInput['passwordUsers']): PlantopsProfileInput => ({
    line: '2.0',
    configDirectory: directory,
    bindAddress: '127.0.0.1',
    ports,
    account,
    passwordUsers,
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-plantops-'));
    ports = { mqtt: await freePort(), webSockets: await freePort() };
    const { files } = renderPlantopsProfile(input([]));
    await lintBrokerFiles(files, { line: '2.0', configDirectory: directory, now: new Date(), profile: 'plantops' });
    await write(directory, files);
    broker = await startServer(await findMosquitto(), ['-c', join(directory, 'mosquitto.conf')], ports.mqtt);
  });
  afterAll(async () => {
    await broker.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const addresses = () => [`mqtt://127.0.0.1:${ports.mqtt}`, `ws://127.0.0.1:${ports.webSockets}`];
  const getsIn = async (address: string, username?: string, password?: string): Promise<boolean> => {
    try {
      const named = username === undefined ? {} : { username, password: password ?? '' };
      const client = await mqtt.connectAsync(address, { reconnectPeriod: 0, ...named });
      await client.endAsync(true);
      return true;
    } catch {
      return false;
    }
  };

  it('lets nobody in while the password file is empty', async () => {
    for (const address of addresses()) {
      expect(await getsIn(address)).toBe(false);
      expect(await getsIn(address, 'nobody', 'x')).toBe(false);
    }
  });

  it('lets its users in on both listeners after a reload, beside those whom others added', async () => {
    const passwd = join(directory, 'passwd');
    await writeFile(passwd, `# by hand\nscada:${passwordHash('theirs')}\n`);
    const found = await Promise.all(
      renderPlantopsProfile(input([])).files.map(async (file) => ({
        ...file,
        content: await readFile(join(directory, file.name)),
      })),
    );
    const { files, plan } = await assemblePush({
      rendered: renderPlantopsProfile(input([{ username: 'plc-1', hash: passwordHash('ours') }])),
      found,
      lastPushed: undefined,
      owned: { usernames: new Set(['plc-1']), ports: new Set(Object.values(ports)) },
      drift: 'keep',
      line: '2.0',
    });
    expect(plan).toMatchObject({ needs: 'reload', kept: [{ file: 'passwd', entry: 'user scada' }] });
    await write(directory, files);
    broker.signal('SIGHUP');
    for (const address of addresses()) {
      await eventually(() => getsIn(address, 'plc-1', 'ours'));
      expect(await getsIn(address, 'scada', 'theirs')).toBe(true);
      expect(await getsIn(address, 'plc-1', 'theirs')).toBe(false);
      expect(await getsIn(address)).toBe(false);
    }
  });
});

/** A signing key, as the register holds them. */
function signingKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid };
  const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    jwk,
    token: (plantId: string) => {
      const now = Math.floor(Date.now() / 1000);
      const text = `${base64url({ alg: 'RS256', typ: 'JWT', kid })}.${base64url({ sub: plantId, iat: now, exp: now + 3600 })}`;
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
    },
  };
}

describeWith(
  'mosquitto',
  'openssl',
  'gcc',
)('the voke profile with a set of token keys on mosquitto', () => {
  let directory: string;
  let scene: BrokerScene;
  let plugin: BuiltPlugin;
  let broker: RunningServer;
  let input: VokeProfileInput;
  const [old, next] = [signingKey(), signingKey()];

  beforeAll(async () => {
    [scene, plugin, directory] = await Promise.all([
      BrokerScene.create(),
      buildJwtPlugin(),
      mkdtemp(join(tmpdir(), 'voke-keys-')),
    ]);
    const server = await scene.pki.issueServer();
    input = {
      line: '2.0',
      configDirectory: directory,
      bindAddress: '127.0.0.1',
      ports: scene.ports,
      jwtPlugin: plugin.path,
      account,
      authorityPem: scene.authorityPem,
      crlPem: await scene.pki.crlPem(),
      serverCertificatePem: server.certificatePem,
      serverKeyPem: server.keyPem,
      passwordUsers: [],
      revokedPlantIds: [],
      consoleUsername,
      tokenPublicKeyDer: scene.tokens.publicKeyDer,
    };
    await push(old);
    broker = await startServer(await findMosquitto(), ['-c', join(directory, 'mosquitto.conf')], scene.ports.token);
  });
  beforeEach(async () => {
    await reloadWith(old);
  });
  afterAll(async () => {
    await broker?.stop();
    await Promise.all([scene.remove(), plugin.remove(), rm(directory, { recursive: true, force: true })]);
  });

  async function push(...keys: ReturnType<typeof signingKey>[]): Promise<void> {
    const { files } = await renderVokeProfile({ ...input, tokenKeySet: { keys: keys.map(({ jwk }) => jwk) } });
    await lintBrokerFiles(files, { line: '2.0', configDirectory: directory, now: new Date() });
    await write(directory, files);
  }
  const getsIn = async (token: string) =>
    (await probeConnect(scene.listener('token'), scene.tokenClient(plantIds.token, token).identity)).outcome ===
    'accepted';
  const reloadWith = async (...keys: ReturnType<typeof signingKey>[]) => {
    await push(...keys);
    const before = broker.log().split('Reloading config.').length;
    broker.signal('SIGHUP');
    await eventually(async () => broker.log().split('Reloading config.').length > before);
  };

  it('trusts the keys of the set, and no other', async () => {
    expect(await getsIn(old.token(plantIds.token))).toBe(true);
    expect(await getsIn(next.token(plantIds.token))).toBe(false);
    expect(await getsIn(scene.tokens.issue(plantIds.token))).toBe(false);
  });

  it('goes from one key to the next by reloads alone, with both trusted in between', async () => {
    await reloadWith(old, next);
    await eventually(() => getsIn(next.token(plantIds.token)));
    expect(await getsIn(old.token(plantIds.token))).toBe(true);
    await reloadWith(next);
    await eventually(async () => !(await getsIn(old.token(plantIds.token))));
    expect(await getsIn(next.token(plantIds.token))).toBe(true);
  });
});
