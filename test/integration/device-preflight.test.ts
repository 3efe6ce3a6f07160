// What the console sees of a device before it brings anything there, and what becomes of devices that lost something.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PlantId } from '../../shared/model/plant.ts';
import type { PreflightCheckId } from '../../shared/model/preflight.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { deviceKinds } from '../support/devices.ts';
import { endOf } from '../support/jobs.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';

const year = 365 * 24 * 3600;

for (const { kind, programs, start } of deviceKinds.filter(({ kind }) => kind !== 'practice device'))
  describeWith(...programs)(`before a deployment to ${kind}`, () => {
    let device: SshDevice;
    let console: TestConsole;
    let plantId: PlantId;
    let directory = '';
    let count = 0;

    async function addPlant(): Promise<PlantId> {
      const { client } = console;
      const plant = await client.plants.create({ name: 'Plant', authMethod: 'MTLS' });
      const { host, port, username, authentication } = device;
      if (authentication.kind === 'agent') throw new Error('no login to store');
      const login =
        authentication.kind === 'password'
          ? { kind: 'password' as const, password: authentication.password }
          : { kind: 'privateKey' as const, privateKeyPem: authentication.privateKeyPem };
      await client.plants.putDevice({ plantId: plant.plantId, device: { host, port, username, login, directory } });
      await client.plants.confirmHostKey({ plantId: plant.plantId, fingerprint: device.fingerprint });
      await client.plants.provision({ plantId: plant.plantId, keyAlgorithm: 'EC-P256' });
      return plant.plantId;
    }
    const local = (name = '') => device.locally(join(directory, name));
    const check = async (id: PreflightCheckId) =>
      (await console.client.plants.preflight({ plantId })).find((one) => one.id === id);
    const deploy = async (options: object = {}) =>
      (await endOf(console, await console.client.plants.deploy({ plantId, ...options }))).error?.code;
    const state = () => console.client.plants.deviceState({ plantId });
    const scan = async () => endOf(console, await console.client.devices.scan({ plantIds: [plantId] }));
    /** A device whose clock is so many seconds off, and can be set. The machine's own clock is never touched. */
    async function clockOff(seconds: number): Promise<void> {
      const at = `${device.base}/clock-offset`;
      await writeFile(device.locally(at), `${seconds}\n`);
      await device.standIn?.(
        'date',
        (real) => `case "$*" in
*-s*) echo 0 >${at} ;;
*) echo $(($(${real} -u +%s) + $(cat ${at}))) ;;
esac`,
      );
    }

    beforeAll(async () => {
      device = await start();
    });
    afterAll(() => device.stop());
    beforeEach(async () => {
      console = await startCommissioned();
      count += 1;
      directory = `${device.base}/voke-${count}`;
      plantId = await addPlant();
      await clockOff(0);
    });
    afterEach(() => console.dispose());

    it('finds everything in order, and says what it saw', async () => {
      const checks = await console.client.plants.preflight({ plantId });
      expect(checks.map(({ id }) => id)).toEqual([
        'clock',
        'user',
        'shell',
        'tools',
        'mount',
        'space',
        'target',
        'contents',
        'installation',
      ]);
      expect(checks.filter(({ verdict }) => verdict === 'refused')).toEqual([]);
      const mount = await check('mount');
      // A chroot does not see what it is mounted on.
      if (kind === 'OpenSSH sshd')
        expect(mount).toMatchObject({ facts: { readOnly: false, point: expect.any(String) } });
      else expect(mount).toMatchObject({ verdict: 'attention' });
      expect(await check('contents')).toMatchObject({ verdict: 'ok', facts: { whose: 'nobody' } });
      expect(await readdir(device.locally(device.base))).not.toContain(`voke-${count}`);
    });

    it.each([
      ['behind', -11 * year, 'before'],
      ['ahead', 15 * year, 'after'],
    ])('refuses a clock that is years %s, and sets it', async (way, offset, side) => {
      await clockOff(offset);
      const clock = await check('clock');
      expect(clock).toMatchObject({ verdict: 'refused', code: 'device/clock-wrong', offers: ['setClock', 'overrule'] });
      expect(clock?.sentence).toMatch(new RegExp(`years.* ${way} .*: .* ${side} .*certificate`));
      expect(await deploy()).toBe('device/clock-wrong');
      expect(await readdir(device.locally(device.base))).not.toContain(`voke-${count}`);
      await console.client.plants.setDeviceClock({ plantId });
      expect(await check('clock')).toMatchObject({ verdict: 'ok' });
      expect(await deploy()).toBeUndefined();
      expect(await state()).toMatchObject({ deployment: 'onDevice', previousKept: true });
    });

    it('lets an operator who knows better go on with a wrong clock', async () => {
      await clockOff(-11 * year);
      expect(await deploy({ overrule: ['clock'] })).toBeUndefined();
    });

    it('says whose set lies there, and does not replace that of another plant unasked', async () => {
      expect(await deploy()).toBeUndefined();
      expect(await check('contents')).toMatchObject({ verdict: 'ok', facts: { whose: 'thisPlant', plantId } });
      const first = plantId;
      plantId = await addPlant();
      const before = await readFile(local('device.key'), 'utf8');
      expect(await check('contents')).toMatchObject({
        verdict: 'refused',
        facts: { whose: 'anotherPlant', plantId: first, expires: expect.stringMatching(/^20/) },
      });
      expect(await deploy()).toBe('device/foreign-files');
      expect(await readFile(local('device.key'), 'utf8')).toBe(before);
      expect(await state()).toMatchObject({ deployment: 'foreign' });
      expect(await deploy({ overrule: ['contents'] })).toBeUndefined();
      plantId = first;
      await scan();
      expect(await state()).toMatchObject({ deployment: 'foreign', credentialId: null });
    });

    it('finds by a scan that a device lost its files, and that somebody changed them', async () => {
      expect(await deploy()).toBeUndefined();
      await console.client.plants.activate({ plantId });
      await scan();
      expect(await state()).toMatchObject({ deployment: 'matched' });
      await writeFile(local('device.key'), 'somebody else');
      await scan();
      expect(await state()).toMatchObject({ deployment: 'foreign' });
      await rm(local(), { recursive: true });
      await scan();
      expect((await console.client.plants.list({ limit: 10 })).items).toMatchObject([{ deployment: 'lost' }]);
    });

    it('does not claim to know what a device holds that was cut off, and mends it at the next look', async () => {
      await device.standIn?.(
        'mv',
        (real) => `${real} "$@" || exit\ncase "$*" in *connection.json*) kill -9 $PPID ;; esac`,
      );
      expect(await deploy()).toBe('device/unconfirmed');
      await device.standIn?.('mv', (real) => `exec ${real} "$@"`);
      expect(await state()).toMatchObject({ deployment: 'unknown' });
      expect((await console.client.plants.credentials({ plantId }))[0]).toMatchObject({ secretsAvailable: true });
      expect((await scan()).error).toBeNull();
      expect(await readdir(local())).toEqual(['.previous']);
      expect(await state()).toMatchObject({ deployment: 'inVault', files: [] });
      expect(await deploy()).toBeUndefined();
    });
  });
