// What surrounds a bundle: who is asked, who sees what, and a plant that connects with what a stick brought.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackTar } from 'modern-tar';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { AuthMethod } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { rootRights } from '../support/devices.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { describeWith, programPath } from '../support/requirements.ts';
import { busyBoxDevice, dashDevice, type StickDevice } from '../support/stick-devices.ts';
import { until } from '../support/until.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => console.dispose());

async function addPlant(authMethod: AuthMethod, name = 'Pump 4') {
  return (await console.client.plants.create({ name, authMethod })).plantId;
}

async function device(start: () => Promise<StickDevice>): Promise<StickDevice> {
  const started = await start();
  onTestFinished(() => started.stop());
  return started;
}

it('packs many into an archive, and all or none', async () => {
  const { client } = console;
  const plantIds = [await addPlant('PASSWORD'), await addPlant('MTLS', 'pump-4'), await addPlant('TOKEN', 'Ohřev: 1')];
  for (const plantId of plantIds.slice(0, 2)) await client.plants.provision({ plantId });
  await expect(client.offline.exportBundles({ plantIds })).rejects.toMatchObject({ code: 'credential/not-found' });
  expect(await client.offline.listBundles({})).toEqual([]);
  await client.plants.provision({ plantId: plantIds[2] ?? '' });
  const { bundles, file } = await client.offline.exportBundles({ plantIds: [...plantIds, ...plantIds] });
  expect(file.name).toMatch(/^voke-bundles-.*\.tar$/);
  const names = (await unpackTar(await file.bytes())).map(({ header }) => header.name);
  expect(names.sort()).toEqual(bundles.map(({ fileName }) => fileName).sort());
  expect(new Set(names).size).toBe(3);
  expect(names).toContain('voke-ohrev-1.sh');
  expect(new Set(bundles.map(({ code }) => code)).size).toBe(3);
  expect(await client.offline.listBundles({ state: 'open' })).toHaveLength(3);
});

it('exports nothing that was handed over, or that has ended', async () => {
  const { client } = console;
  const plantId = await addPlant('PASSWORD');
  await client.plants.provision({ plantId });
  await client.plants.download({ plantId });
  await expect(client.offline.exportBundles({ plantIds: [plantId] })).rejects.toMatchObject({
    code: 'credential/handed-over',
  });
  await console.dispose();
  const start = Date.now();
  let days = 0;
  console = await startCommissioned({ clock: { now: () => new Date(start + days * 86_400_000) } });
  const token = await addPlant('TOKEN');
  await console.client.plants.provision({ plantId: token });
  days = 2;
  await expect(console.client.offline.exportBundles({ plantIds: [token] })).rejects.toMatchObject({
    code: 'offline/credential-expired',
  });
});

describeWith(
  'dash',
  'openssl',
  'script',
)('a bundle on a terminal', () => {
  it('asks for its code without showing it', async () => {
    const plc = await device(dashDevice);
    const plantId = await addPlant('PASSWORD');
    await console.client.plants.provision({ plantId });
    const { bundles, file } = await console.client.offline.exportBundles({
      plantIds: [plantId],
      directory: plc.seenAs('/etc/voke'),
    });
    const path = plc.seenAs('/media/usb/voke.sh');
    await writeFile(path, await file.text());
    const terminal = spawn('script', ['-qec', `dash ${path}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let seen = '';
    terminal.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString('utf8');
    });
    await until(async () => seen.includes('One-time code:'));
    terminal.stdin.write(`${bundles[0]?.code}\n`);
    await once(terminal, 'close');
    expect(seen).toContain('Installed in');
    expect(seen).not.toContain(bundles[0]?.code.slice(0, 4));
  });
});

describeWith('dash', 'openssl')('a bundle at work', () => {
  it('tells no program anything secret on its command line', async () => {
    const plc = await device(dashDevice);
    const log = plc.locally('/arguments');
    const tools = 'cat chmod chown cmp cp date dd id ls mkdir mv openssl rm rmdir sed sha256sum sleep sync tr'.split(
      ' ',
    );
    for (const tool of tools) {
      const standIn = `#!/bin/sh\necho ${tool} "$@" >>'${log}'\nexec ${programPath(tool)} "$@"\n`;
      await writeFile(plc.locally(join('/bin', tool)), standIn, { mode: 0o755 });
    }
    const plantId = await addPlant('PASSWORD');
    const issued = await console.client.plants.provision({ plantId });
    const { bundles, file } = await console.client.offline.exportBundles({
      plantIds: [plantId],
      directory: plc.seenAs('/etc/voke'),
    });
    await writeFile(plc.locally('/media/usb/voke.sh'), await file.text());
    const code = bundles[0]?.code ?? '';
    expect(await plc.run('/media/usb/voke.sh', code)).toMatchObject({ exitCode: 0 });
    const told = await readFile(log, 'utf8');
    for (const call of ['openssl cms -decrypt', 'sha256sum\n', 'mv -f', 'sed -e']) expect(told).toContain(call);
    const password = 'password' in issued.auth ? issued.auth.password : '';
    const encoded = Buffer.from(issued.hmacSecret).toString('base64').slice(0, 20);
    for (const secret of [
      code.slice(0, 9),
      code.replaceAll('-', '').slice(4, 12),
      password,
      issued.hmacSecret,
      encoded,
    ]) {
      expect(told).not.toContain(secret);
    }
  });
});

describeWith(
  'busybox',
  'openssl',
  'mosquitto',
  'chroot',
  'mknod',
  ...rootRights,
)('a plant without a network', () => {
  it('connects with a key that it made and a certificate from a stick, and is then rotated the same way', async () => {
    const { client } = console;
    const plc = await device(busyBoxDevice);
    const brokerId = await addLocalBroker(console);
    const plantId = await addPlant('MTLS');
    const held = (name: string) => readFile(plc.locally(`/etc/voke/${name}`), 'utf8');

    /** The whole way: kit, request, answer, receipt. */
    async function exchange() {
      const kit = await client.offline.requestKit({ plantId });
      await writeFile(plc.locally('/media/usb/kit.sh'), await kit.text());
      const { said } = await plc.run('/media/usb/kit.sh');
      const keyCheck = /Key check: (.*)/.exec(said)?.[1] ?? '';
      const request = await readFile(plc.locally('/media/usb/kit.csr'), 'utf8');
      const { bundles, file } = await client.offline.answerRequest({ plantId, request, keyCheck, brokerId });
      await writeFile(plc.locally('/media/usb/voke.sh'), await file.text());
      expect(await plc.run('/media/usb/voke.sh', bundles[0]?.code ?? '')).toMatchObject({ exitCode: 0 });
      const receipt = await readFile(plc.locally('/media/usb/voke.receipt.txt'), 'utf8');
      await client.offline.importReceipt({ receipt, plantId });
    }
    const connects = async () => {
      const { broker, port, clientId } = JSON.parse(await held('connection.json'));
      const [ca, cert, key] = await Promise.all(['ca.crt', 'device.crt', 'device.key'].map(held));
      const session = await connectAsync(`${broker}:${port}`, {
        ca,
        cert,
        key,
        clientId,
        reconnectPeriod: 0,
      } as object);
      await session.endAsync();
    };
    await exchange();
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await connects();
    await client.plants.activate({ plantId });
    const first = await held('device.key');
    await exchange();
    expect(await held('device.key')).not.toBe(first);
    await connects();
    expect(await client.plants.credentials({ plantId })).toMatchObject([{ state: 'deployed' }, { state: 'active' }]);
  });

  it('gets a certificate of its own profile only, and no other way to install it', async () => {
    const { client } = console;
    const plc = await device(busyBoxDevice);
    const [plantId, other] = [await addPlant('MTLS'), await addPlant('MTLS', 'Other')];
    await mkdir(plc.locally('/etc/wish'), { recursive: true });
    const at = (name: string) => plc.locally(`/etc/wish/${name}`);
    const ask = async (commonName: string) => {
      await writeFile(
        at('conf'),
        `[req]\ndistinguished_name=n\nprompt=no\nreq_extensions=x\n[n]\nCN=${commonName}\n[x]\nkeyUsage=keyCertSign\n`,
      );
      await run('openssl', ['req', '-new', '-config', at('conf'), '-key', at('key'), '-out', at('csr')]);
      return readFile(at('csr'), 'utf8');
    };
    await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('key')]);
    await expect(client.offline.readRequest({ plantId, request: await ask(other) })).rejects.toMatchObject({
      code: 'offline/request-wrong-plant',
    });
    const request = await ask('somebody else');
    const { keyCheck, wishes } = await client.offline.readRequest({ plantId, request });
    expect(wishes).toEqual(['keyUsage']);
    await client.offline.answerRequest({ plantId, request, keyCheck });
    const { items } = await client.authority.listCertificates({ kind: 'device' });
    expect(items).toMatchObject([{ subject: `/CN=${plantId}`, kind: 'device', keyAlgorithm: 'EC-P256' }]);
    await client.practice.addDevice({ plantId });
    expect((await endOf(console, await client.plants.deploy({ plantId }))).error?.code).toBe('device/key-made-there');
    expect(await client.plants.credentials({ plantId })).toMatchObject([{ state: 'issued', secretsAvailable: true }]);
  });
});
