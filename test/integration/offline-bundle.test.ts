// Credentials on a stick, from the console's export to the imported receipt, on the shells and tools of real devices.

import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { sha256 } from '../../electron/device/install-script.ts';
import type { ExportedBundle } from '../../shared/model/offline.ts';
import type { AuthMethod, PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { rootRights } from '../support/devices.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { busyBoxDevice, dashDevice, type StickDevice } from '../support/stick-devices.ts';

const kinds = [
  { kind: 'BusyBox and ash', programs: ['busybox', 'openssl', 'chroot', 'mknod'], start: busyBoxDevice },
  { kind: 'dash and GNU tools', programs: ['dash', 'openssl'], start: dashDevice },
];
const usb = '/media/usb';

/** One character of the base64 is another one. */
const changedInCms = (text: string): string =>
  text.replace(/(?<=BEGIN CMS-----\n.{300})./s, (character) => (character === 'A' ? 'B' : 'A'));

/** What the bundle's installation authenticates its receipt by: whoever has the code can read it. */
async function receiptSecretOf(path: string, code: string): Promise<string> {
  const options = ['-decrypt', '-binary', '-inform', 'PEM', '-in', path, '-inkey', path, '-passin', 'stdin'];
  const contents = await run('openssl', ['cms', ...options], `${code.replace(/[^0-9A-Za-z]/g, '')}\n`);
  return /^=receipt\n([^=]*)\n/m.exec(contents)?.[1] ?? '';
}

for (const { kind, programs, start } of kinds)
  describeWith(
    ...programs,
    ...rootRights,
    'mount',
    'umount',
  )(`a bundle on ${kind}`, () => {
    let console: TestConsole;
    let device: StickDevice;
    let plantId: PlantId;
    let directory = '';
    let count = 0;

    beforeAll(async () => {
      device = await start();
    });
    afterAll(() => device.stop());
    beforeEach(async () => {
      count += 1;
      console = await startCommissioned();
      directory = device.seenAs(`/etc/voke-${count}`);
      await device.afterMove(0, ':');
      await rm(local(usb), { recursive: true, force: true });
      await mkdir(local(usb));
      ({ plantId } = await addPlant('MTLS'));
    });
    afterEach(() => console.dispose());

    const local = (path: string) => device.locally(path);
    const held = (name = '') => local(join(directory, name));
    const addPlant = (authMethod: AuthMethod, name = 'Pump 4') => console.client.plants.create({ name, authMethod });
    const newest = async () => (await console.client.plants.credentials({ plantId }))[0];
    const issue = () => console.client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });

    type OnStick = ExportedBundle & { readonly path: string };
    async function toStick(
      result: { bundles: ExportedBundle[]; file: File },
      name = result.file.name,
    ): Promise<OnStick> {
      const [bundle] = result.bundles;
      if (!bundle) throw new Error('nothing was exported');
      const path = join(usb, name);
      await writeFile(local(path), await result.file.text());
      return { ...bundle, path };
    }
    const exported = async (name?: string) =>
      toStick(await console.client.offline.exportBundles({ plantIds: [plantId], directory }), name);
    const receiptOf = ({ path }: OnStick) => readFile(local(path.replace(/\.sh$/, '.receipt.txt')), 'utf8');
    const importIt = async (bundle: OnStick) =>
      console.client.offline.importReceipt({ receipt: await receiptOf(bundle) });

    /** Everything below the target, with its contents. */
    async function everything(): Promise<Record<string, string>> {
      const names = await readdir(held(), { recursive: true, withFileTypes: true }).catch(() => []);
      const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return Object.fromEntries(await Promise.all(files.map(async (path) => [path, await readFile(path, 'utf8')])));
    }

    it('brings a credential, and its receipt closes the deployment', async () => {
      const issued = await issue();
      const bundle = await exported();
      expect(bundle).toMatchObject({ state: 'open', fileName: 'voke-pump-4.sh', directory, plantName: 'Pump 4' });
      expect(bundle.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
      const hash = (await run('sha256sum', [local(bundle.path)])).slice(0, 64);
      expect(hash).toBe(bundle.sha256);
      expect(await newest()).toMatchObject({ state: 'issued', secretsAvailable: true });

      const done = await device.run(bundle.path, bundle.code);
      expect(done).toMatchObject({ exitCode: 0 });
      expect(done.said).toContain(`Installed in ${directory}.`);
      expect((await readdir(held())).sort()).toEqual(
        ['.previous', 'ca.crt', 'connection.json', 'device.crt', 'device.key', 'hmac.secret'].sort(),
      );
      expect((await stat(held('device.key'))).mode & 0o777).toBe(0o600);
      expect((await stat(held('device.crt'))).mode & 0o777).toBe(0o644);
      if (issued.authMethod !== 'MTLS' || !('deviceKeyPem' in issued.auth)) throw new Error('not what was asked for');
      expect(await readFile(held('device.key'), 'utf8')).toBe(issued.auth.deviceKeyPem);
      expect(await readFile(held('hmac.secret'), 'utf8')).toBe(issued.hmacSecret);

      const facts = await importIt(bundle);
      expect(facts).toMatchObject({ userName: 'root', userId: 0, bundle: { state: 'imported', plantId } });
      expect(Math.abs(Date.parse(facts.deviceClock) - Date.now())).toBeLessThan(600_000);
      expect(await newest()).toMatchObject({ state: 'deployed', secretsAvailable: false });
      expect(await console.client.plants.deviceState({ plantId })).toMatchObject({
        deployment: 'onDevice',
        credentialId: bundle.credentialId,
      });
      expect(await console.client.offline.listBundles({ state: 'open' })).toEqual([]);
      const { items } = await console.client.audit.list({});
      expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['offline.export', 'offline.receipt']));
      expect(JSON.stringify(items)).not.toContain(bundle.code);
      await expect(importIt(bundle)).rejects.toMatchObject({ code: 'offline/receipt-imported' });
    });

    it('leaves nothing readable on the stick, and no code in the vault', async () => {
      const issued = await issue();
      const bundle = await exported();
      await device.run(bundle.path, bundle.code);
      const secrets = [issued.hmacSecret, bundle.code, bundle.code.replaceAll('-', '')];
      if ('deviceKeyPem' in issued.auth) secrets.push(issued.auth.deviceKeyPem.split('\n')[1] ?? '');
      for (const name of await readdir(local(usb))) {
        const text = await readFile(local(join(usb, name)), 'utf8');
        for (const secret of secrets) expect(text).not.toContain(secret);
      }
      for (const name of await readdir(console.dataDirectory)) {
        const bytes = await readFile(join(console.dataDirectory, name));
        for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
      }
    });

    it('takes its code as people write it, after two wrong ones, and not after three', async () => {
      await issue();
      const bundle = await exported();
      const wrong = `0000-${bundle.code.slice(5)}`;
      const refused = await device.run(bundle.path, wrong, wrong, '', bundle.code);
      expect(refused).toMatchObject({ exitCode: 1, said: expect.stringContaining('does not open') });
      expect(await everything()).toEqual({});
      expect(await readdir(local(usb))).toEqual(['voke-pump-4.sh']);
      const written = ` ${bundle.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(await device.run(bundle.path, wrong, `\\c%s $(reboot)`, written)).toMatchObject({ exitCode: 0 });
    });

    it.each([
      ['cut off', (text: string) => text.slice(0, -900)],
      ['cut off in the script', (text: string) => text.slice(0, 4000)],
      ['changed in what it encrypts', changedInCms],
      ['changed in the script', (text: string) => text.replace('owner=', 'owner= ')],
      ['changed in its line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ])('is refused when it was %s', async (_how, damage) => {
      await issue();
      const bundle = await exported();
      await writeFile(local(bundle.path), damage(await readFile(local(bundle.path), 'utf8')));
      const { exitCode } = await device.run(bundle.path, bundle.code);
      expect(exitCode).not.toBe(0);
      expect(await everything()).toEqual({});
      expect(await readdir(local(usb))).toEqual(['voke-pump-4.sh']);
    });

    it('changes nothing a second time, keeps the previous generation, and writes the receipt again', async () => {
      await issue();
      await mkdir(held(), { recursive: true });
      await writeFile(held('device.key'), 'earlier');
      const bundle = await exported();
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({ exitCode: 0 });
      const first = await everything();
      expect(first[held('.previous/device.key')]).toBe('earlier');
      await rm(local(bundle.path.replace(/\.sh$/, '.receipt.txt')));
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({ exitCode: 0 });
      expect(await everything()).toEqual(first);
      await importIt(bundle);
    });

    it('holds the old set or the new one after it was killed between any two moves', async () => {
      await issue();
      const first = await exported();
      await device.run(first.path, first.code);
      const old = await readFile(held('device.key'), 'utf8');
      await issue();
      const bundle = await exported('the next one.sh');
      for (const n of [1, 2, 3, 5, 7]) {
        await device.afterMove(n, 'kill -9 $PPID');
        expect((await device.run(bundle.path, bundle.code)).exitCode).not.toBe(0);
        await device.afterMove(0, ':');
        // The bundle of before mends what was cut off, and puts the old set there.
        expect(await device.run(first.path, first.code)).toMatchObject({ exitCode: 0 });
        expect(await readFile(held('device.key'), 'utf8')).toBe(old);
      }
      await device.afterMove(4, 'kill -9 $PPID');
      await device.run(bundle.path, bundle.code);
      await device.afterMove(0, ':');
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({ exitCode: 0 });
      expect(await readFile(held('device.key'), 'utf8')).not.toBe(old);
      await importIt(bundle);
    });

    it('is void when its credential is superseded: the receipt changes nothing', async () => {
      await issue();
      const bundle = await exported();
      await device.run(bundle.path, bundle.code);
      await issue();
      expect(await console.client.offline.listBundles({ plantId })).toMatchObject([{ state: 'void' }]);
      await expect(importIt(bundle)).rejects.toMatchObject({ code: 'offline/bundle-void' });
      expect(await newest()).toMatchObject({ state: 'issued', secretsAvailable: true });
      expect(await console.client.plants.deviceState({ plantId })).toMatchObject({ seenAt: null });
    });

    it('has a receipt that counts only as it was written, once, for its plant', async () => {
      await issue();
      const bundle = await exported();
      await device.run(bundle.path, bundle.code);
      const receipt = await receiptOf(bundle);
      const take = (text: string, rest = {}) => console.client.offline.importReceipt({ receipt: text, ...rest });
      const other = await addPlant('PASSWORD', 'Other');
      const elsewhere = receipt.replace(bundle.bundleId, '11111111-2222-4333-8444-555555555555');
      await expect(take('nonsense')).rejects.toMatchObject({ code: 'offline/receipt-unreadable' });
      await expect(take(elsewhere)).rejects.toMatchObject({ code: 'offline/bundle-not-found' });
      for (const altered of [
        receipt.replace(/clock \d/, 'clock 9'),
        receipt.replace(plantId, other.plantId),
        receipt.replace('user root', 'user admin'),
        receipt.replace(/authenticator ./, (text) => `authenticator ${text.endsWith('0') ? '1' : '0'}`),
      ]) {
        await expect(take(altered)).rejects.toMatchObject({ code: 'offline/receipt-not-authentic' });
      }
      await expect(take(receipt, { plantId: other.plantId })).rejects.toMatchObject({
        code: 'offline/receipt-wrong-plant',
      });
      expect(await newest()).toMatchObject({ state: 'issued', secretsAvailable: true });
      expect(await console.client.plants.deviceState({ plantId })).toMatchObject({ seenAt: null });
      await take(receipt.replaceAll('\n', '\r\n'), { plantId });
      expect(await newest()).toMatchObject({ state: 'deployed' });
    });

    it('has a receipt that counts only when the files are those that were sent, whoever signs it', async () => {
      await issue();
      const bundle = await exported();
      await device.run(bundle.path, bundle.code);
      const receipt = await receiptOf(bundle);
      const secret = await receiptSecretOf(local(bundle.path), bundle.code);
      const sign = (text: string) => {
        const body = text.slice(0, text.indexOf('authenticator '));
        return `${body}authenticator ${sha256(`${secret}\n${body}${secret}\n`)}\n`;
      };
      expect(sign(receipt)).toBe(receipt);
      for (const altered of [
        receipt.replace(/^(file device\.crt )./m, (_, start) => `${start}${receipt.includes('device.crt 0') ? 1 : 0}`),
        receipt.replace(/^(file device\.key \w+ )-rw-------/m, '$1-rw-r--r--'),
        receipt.replace(/^file ca\.crt .*\n/m, ''),
        receipt.replace(`directory ${directory}`, `directory ${directory}-other`),
      ]) {
        expect(altered).not.toBe(receipt);
        await expect(console.client.offline.importReceipt({ receipt: sign(altered) })).rejects.toMatchObject({
          code: 'offline/receipt-mismatch',
        });
      }
      expect(await newest()).toMatchObject({ state: 'issued', secretsAvailable: true });
    });

    it('refuses targets that are not what they should be, and changes nothing', async () => {
      await issue();
      const bundle = await exported();
      const refusal = async () => {
        const { exitCode, said } = await device.run(bundle.path, bundle.code);
        expect(exitCode).toBe(1);
        return said;
      };
      await mkdir(local('/etc'), { recursive: true });
      await mkdir(`${held()}-real`);
      await symlink(`${directory}-real`, held());
      expect(await refusal()).toContain('is a symbolic link');
      expect(await readdir(`${held()}-real`)).toEqual([]);
      await rm(held());
      await writeFile(held(), '');
      expect(await refusal()).toContain('is not a directory');
      await rm(held());
      await mkdir(held());
      await symlink('/etc/passwd', held('device.key'));
      expect(await refusal()).toContain('is a symbolic link');
      await rm(held('device.key'));
      await mkdir(held('device.key'));
      expect(await refusal()).toContain('is not a file');
      await rm(held('device.key'), { recursive: true });
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({ exitCode: 0 });
    });

    it('keeps what was there on a full disk and on a read-only one, and says so', async () => {
      await issue();
      const first = await exported();
      await mkdir(held(), { recursive: true });
      await run('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', held()]);
      onTestFinished(async () => void (await run('umount', [held()])));
      expect(await device.run(first.path, first.code)).toMatchObject({ exitCode: 0 });
      const before = await everything();
      await issue();
      const bundle = await exported();
      const filler = held('filler');
      await writeFile(filler, 'x'.repeat(200_000)).catch(() => {});
      const full = await device.run(bundle.path, bundle.code);
      expect(full).toMatchObject({ exitCode: 1, said: expect.stringContaining('disk may be full') });
      await rm(filler);
      expect(await everything()).toEqual(before);
      await run('mount', ['-o', 'remount,ro', held()]);
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({
        exitCode: 1,
        said: expect.stringMatching(/cannot be written to|may be full or read-only/),
      });
      expect(await everything()).toEqual(before);
      await run('mount', ['-o', 'remount,rw', held()]);
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({ exitCode: 0 });
    });

    it('asks before it replaces the credentials of another plant', async () => {
      await issue();
      const bundle = await exported();
      await device.run(bundle.path, bundle.code);
      const before = await everything();
      ({ plantId } = await addPlant('PASSWORD', 'Pump 5'));
      await console.client.plants.provision({ plantId });
      const other = await exported();
      expect(await device.run(other.path, 'no', other.code)).toMatchObject({
        exitCode: 1,
        said: expect.stringContaining('another plant'),
      });
      expect(await everything()).toEqual(before);
      expect(await device.run(other.path, 'yes', other.code)).toMatchObject({ exitCode: 0 });
      expect((await readdir(held())).sort()).toEqual([
        '.previous',
        'ca.crt',
        'connection.json',
        'credentials.json',
        'hmac.secret',
      ]);
      await importIt(other);
    });

    it('asks where the clock of the device lies outside the certificates', async () => {
      await issue();
      const bundle = await exported();
      const date = local('/bin/date');
      await rm(date, { force: true });
      await writeFile(date, '#!/bin/sh\necho 86400\n', { mode: 0o755 });
      onTestFinished(async () => {
        await rm(date);
        if (kind.startsWith('BusyBox')) await symlink('busybox', date);
      });
      expect(await device.run(bundle.path, '')).toMatchObject({
        exitCode: 1,
        said: expect.stringContaining('The clock'),
      });
      expect(await everything()).toEqual({});
      expect(await device.run(bundle.path, 'yes', bundle.code)).toMatchObject({ exitCode: 0 });
      expect((await importIt(bundle)).deviceClock).toBe('1970-01-02T00:00:00.000Z');
    });

    it('brings a certificate to a key that never leaves the device', async () => {
      const kit = await console.client.offline.requestKit({ plantId, directory, keyAlgorithm: 'EC-P256' });
      await writeFile(local(join(usb, kit.name)), await kit.text());
      const made = await device.run(join(usb, kit.name));
      expect(made).toMatchObject({ exitCode: 0 });
      const keyCheck = /Key check: (.*)/.exec(made.said)?.[1] ?? '';
      expect((await stat(held('.pending/device.key'))).mode & 0o777).toBe(0o600);
      expect((await stat(held('.pending'))).mode & 0o777).toBe(0o700);
      expect(await readdir(held('.pending'))).toEqual(['device.key']);
      const key = await readFile(held('.pending/device.key'), 'utf8');
      // A second run keeps the key.
      expect((await device.run(join(usb, kit.name))).said).toContain(keyCheck);

      const request = await readFile(local(join(usb, 'voke-request-pump-4.csr')), 'utf8');
      const { offline } = console.client;
      expect(await offline.readRequest({ plantId, request })).toEqual({
        subject: `/CN=${plantId}`,
        keyAlgorithm: 'EC-P256',
        keyCheck: keyCheck.trim(),
        wishes: [],
      });
      await expect(offline.answerRequest({ plantId, request, keyCheck: '00', directory })).rejects.toMatchObject({
        code: 'offline/key-check-mismatch',
      });
      const answer = await toStick(await offline.answerRequest({ plantId, request, keyCheck, directory }));
      expect(answer.keyIsOnDevice).toBe(true);
      const done = await device.run(answer.path, answer.code);
      expect(done).toMatchObject({ exitCode: 0 });
      expect(await readFile(held('device.key'), 'utf8')).toBe(key);
      expect((await readdir(held())).sort()).toEqual([
        '.previous',
        'ca.crt',
        'connection.json',
        'device.crt',
        'device.key',
        'hmac.secret',
      ]);
      const certified = await run('openssl', ['x509', '-in', held('device.crt'), '-noout', '-pubkey']);
      expect(certified).toBe(await run('openssl', ['pkey', '-in', held('device.key'), '-pubout']));
      expect(await run('openssl', ['verify', '-CAfile', held('ca.crt'), held('device.crt')])).toContain('OK');
      // Again: the key is found beside its certificate now.
      expect(await device.run(answer.path, answer.code)).toMatchObject({ exitCode: 0 });
      expect(await readFile(held('device.key'), 'utf8')).toBe(key);
      await importIt(answer);
      expect(await newest()).toMatchObject({ state: 'deployed', secretsAvailable: false });

      // Another device has no such key.
      await rm(held(), { recursive: true });
      expect(await device.run(answer.path, answer.code)).toMatchObject({
        exitCode: 1,
        said: expect.stringContaining('No private key'),
      });
      expect(await everything()).toEqual({});
    });

    it('makes a key in its own place only, and a whole one', async () => {
      const kit = await console.client.offline.requestKit({ plantId, directory });
      const path = join(usb, kit.name);
      await writeFile(local(path), await kit.text());
      const refusal = async () => {
        const { exitCode, said } = await device.run(path);
        expect(exitCode).toBe(1);
        expect(await readdir(local(usb))).toEqual([kit.name]);
        return said;
      };
      await mkdir(`${held()}-real`, { recursive: true });
      await symlink(`${directory}-real`, held());
      expect(await refusal()).toContain('is a symbolic link');
      await rm(held());
      await mkdir(held());
      await symlink(`${directory}-real`, held('.pending'));
      expect(await refusal()).toContain('is a symbolic link');
      await rm(held('.pending'));
      await mkdir(held('.pending'));
      await symlink('/etc/passwd', held('.pending/device.key'));
      expect(await refusal()).toContain('is a symbolic link');
      expect(await readdir(`${held()}-real`)).toEqual([]);
      await rm(held('.pending'), { recursive: true });
      await run('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', held()]);
      onTestFinished(async () => void (await run('umount', [held()])));
      await writeFile(held('filler'), 'x'.repeat(16_384)).catch(() => {});
      expect(await refusal()).toContain('could not be made');
      await rm(held('filler'));
      // What a power cut leaves of a key is no key.
      await mkdir(held('.pending'), { recursive: true });
      await writeFile(held('.pending/device.key'), '-----BEGIN PRIVATE KEY-----\nMIIE');
      expect(await device.run(path)).toMatchObject({ exitCode: 0 });
      const request = await readFile(local(path.replace(/sh$/, 'csr')), 'utf8');
      expect(await console.client.offline.readRequest({ plantId, request })).toMatchObject({
        keyAlgorithm: 'RSA-2048',
      });
    });

    it('is not installed where the receipt could not be brought back', async () => {
      await issue();
      const bundle = await exported();
      await run('mount', ['--bind', local(usb), local(usb)]);
      onTestFinished(async () => void (await run('umount', [local(usb)])));
      await run('mount', ['-o', 'remount,bind,ro', local(usb)]);
      expect(await device.run(bundle.path, bundle.code)).toMatchObject({
        exitCode: 1,
        said: expect.stringContaining('Make the stick writable'),
      });
      expect(await everything()).toEqual({});
    });
  });
