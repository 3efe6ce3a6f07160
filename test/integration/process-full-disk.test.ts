// A local broker whose disk is full, or may not be written: the push says so, and what was in force stays whole.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { ProcessTarget } from '../../electron/broker/targets/process.ts';
import { BrokerScene, newMark, plantIds } from '../support/mosquitto.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const rootRights = process.getuid?.() === 0 ? [] : ['root rights'];

describeWith(
  'mosquitto',
  'openssl',
  'mount',
  ...rootRights,
)('a local mosquitto on a small disk', () => {
  let scene: BrokerScene;
  let directory: string;
  let broker: ProcessTarget;

  beforeEach(async () => {
    scene = await BrokerScene.create();
    directory = await mkdtemp(join(tmpdir(), 'voke-small-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=400k,mode=700', 'tmpfs', directory]);
    broker = new ProcessTarget({ directory });
    await scene.push(broker);
  });
  afterEach(async () => {
    await broker.stop();
    await run('umount', [directory]);
    await rm(directory, { recursive: true, force: true });
    await scene.remove();
  });

  const fill = () => run('sh', ['-c', `cat /dev/zero >${directory}/filler 2>/dev/null || true`]);
  const outcome = async (client: ReturnType<BrokerScene['passwordClient']>) =>
    (await probeConnect(client.listener, client.identity)).outcome;
  const whoGetsIn = async () => [
    await outcome(await scene.mtlsClient(plantIds.mtls)),
    await outcome(scene.passwordClient(plantIds.password)),
    await outcome(scene.passwordClient(plantIds.password, 'wrong')),
  ];
  const onlyTheRightOnes = ['accepted', 'accepted', 'refused'];

  it('that is filled by a push, and by others under it', async () => {
    const before = await broker.current();
    const large = (before ?? []).map((file) =>
      file.name === 'acl' ? { ...file, content: Buffer.from('user x\n'.repeat(100_000)) } : file,
    );
    const push = await broker.open(newMark());
    await expect(push.stage(large)).rejects.toMatchObject({ code: 'broker/disk-full' });
    await fill();
    await push.undo();
    expect(await broker.current()).toEqual(before);
    expect(await whoGetsIn()).toEqual(onlyTheRightOnes);

    await fill();
    await expect(broker.open(newMark())).rejects.toMatchObject({ code: 'broker/disk-full' });
    expect(await broker.unfinished()).toBeUndefined();
    await rm(join(directory, 'filler'));
    await scene.push(broker, { passwordUsers: [] });
    expect(await whoGetsIn()).toEqual(['accepted', 'refused', 'refused']);
  });

  it('that fills between the swap and its note, and is put back all the same', async () => {
    const before = await broker.current();
    const push = await broker.open(newMark());
    await push.stage(await scene.files(broker, { passwordUsers: [] }));
    await fill();
    await expect(push.swap()).rejects.toMatchObject({ code: 'broker/disk-full' });
    await push.undo();
    expect(await broker.unfinished()).toBeUndefined();
    expect(await broker.current()).toEqual(before);
    expect(await whoGetsIn()).toEqual(onlyTheRightOnes);
  });

  it('that may not be written is no push of somebody else', async () => {
    await run('mount', ['-o', 'remount,ro', directory]);
    await expect(broker.open(newMark())).rejects.toMatchObject({ code: 'broker/not-writable' });
    expect(await whoGetsIn()).toEqual(onlyTheRightOnes);
    await run('mount', ['-o', 'remount,rw', directory]);
  });
});
