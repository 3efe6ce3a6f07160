// A broker that others use, too: their listener, with their own users, stays through a push and keeps working. One that
// lets clients in without a name does not get pushed over in silence: it could be a hole in the whole broker.

import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationContext } from '../../electron/operations/context.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { type BrokerPlace, brokerPlaces } from '../support/broker-places.ts';
import { startCommissioned } from '../support/console.ts';
import { passwordHash } from '../support/mosquitto.ts';
import { freePort } from '../support/processes.ts';
import { contextOver, makeScene, onlyTheRightOnes, openVaultOf, type Scene, whoGetsIn } from '../support/push-scene.ts';

const quietly: StepRunner = (_name, work) => work();
const places = Object.entries(brokerPlaces).map(([name, open]) => ({ name, open }));

describe.each(places)("somebody else's listener of a broker $name", ({ open }) => {
  let scene: Scene;
  let context: OperationContext;
  let place: BrokerPlace;
  let port: number;
  let usersFile: string;
  let cleanUp: () => Promise<void>;

  beforeEach(async () => {
    const console = await startCommissioned();
    scene = await makeScene(console);
    await console.core.close();
    const { file, vault } = await openVaultOf(console.dataDirectory);
    context = contextOver(vault);
    place = await open(console.dataDirectory, scene.brokerId);
    port = await freePort();
    usersFile = join(console.dataDirectory, 'their-users');
    await writeFile(usersFile, `scada:${passwordHash('theirs')}\n`, { mode: 0o600 });
    cleanUp = async () => {
      await place.remove();
      file.close();
      await rm(console.dataDirectory, { recursive: true, force: true });
    };
  });
  afterEach(() => cleanUp());

  const push = () => pushBroker(context, scene.brokerId, place.target(), quietly);
  const conf = () => readFile(place.live('mosquitto.conf'), 'utf8');
  const listenerWith = (...lines: string[]) => [`listener ${port} 127.0.0.1`, ...lines, ''].join('\n');

  async function getsIn(options: { username?: string; password?: string }): Promise<boolean> {
    try {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
      await client.endAsync(true);
      return true;
    } catch {
      return false;
    }
  }

  it('stays with its own users, and is no reason to refuse a push', async () => {
    await push();
    const theirs = listenerWith(`password_file ${usersFile}`, 'allow_anonymous false');
    await appendFile(place.live('mosquitto.conf'), theirs);
    await push();
    expect(await conf()).toContain(theirs);
    expect(await getsIn({ username: 'scada', password: 'theirs' })).toBe(true);
    expect([await getsIn({ username: 'scada', password: 'wrong' }), await getsIn({})]).toEqual([false, false]);
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
  });

  it('that lets everybody in is refused before anything is touched', async () => {
    await push();
    await appendFile(place.live('mosquitto.conf'), listenerWith('allow_anonymous true'));
    const before = await conf();
    await expect(push()).rejects.toMatchObject({
      code: 'broker/invalid-files',
      message: expect.stringContaining(`listener ${port}: it lets clients in without a name`),
    });
    expect(await conf()).toBe(before);
    expect(await whoGetsIn(scene)).toBe(onlyTheRightOnes);
  });
});
