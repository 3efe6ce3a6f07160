// What can go wrong on the way to a broker over SSH, and at its end: after each, what was in force is in force again.

import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import type { SshTarget } from '../../electron/broker/targets/ssh/target.ts';
import type { BrokerFiles, BrokerPush } from '../../shared/model/broker-files.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { addHostUser } from '../support/host-user.ts';
import { type Link, startLink } from '../support/link.ts';
import { BrokerScene, newMark, plantIds, putInForce } from '../support/mosquitto.ts';
import { freePort, run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { startSshd } from '../support/sshd.ts';

describeWith(...brokerHostPrograms)('a push over SSH survives', () => {
  let host: BrokerHost;
  let scene: BrokerScene;
  let broker: SshTarget;
  let before: BrokerFiles | undefined;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [host, scene] = await Promise.all([startBrokerHost('pidFile'), BrokerScene.create()]);
    broker = host.target();
    await scene.push(broker);
    before = await broker.current();
  });
  afterEach(async () => {
    for (const work of cleanUp.splice(0).reverse()) await work();
  });
  afterAll(async () => {
    await broker.release();
    await host.stop();
    await scene.remove();
  });

  const other = (...args: Parameters<BrokerHost['target']>): SshTarget => {
    const target = host.target(...args);
    cleanUp.push(() => target.release());
    return target;
  };
  const outcome = async (client: Awaited<ReturnType<BrokerScene['mtlsClient']>>) =>
    (await probeConnect(client.listener, client.identity)).outcome;

  async function expectAsBefore() {
    expect(await broker.unfinished()).toBeUndefined();
    expect(await broker.current()).toEqual(before);
    expect(await broker.describe()).toMatchObject({ state: 'running' });
    expect(await outcome(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
    expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
    expect(await outcome(scene.passwordClient(plantIds.password, 'wrong'))).toBe('refused');
    expect((await probeConnect(scene.listener('mtls'), { clientId: 'nobody' })).outcome).toBe('refused');
  }

  async function undoWhatIsOpen() {
    const mark = await broker.unfinished();
    if (mark !== undefined) await (await broker.adopt(mark.pushId)).undo();
  }

  const steps = ['open', 'stage', 'swap', 'takeEffect', 'keep'] as const;

  /** Runs the steps of a push that takes every password away, and tells what each was. */
  async function pushThrough(target: SshTarget, onStep: (step: (typeof steps)[number]) => void) {
    let push: BrokerPush | undefined;
    const files = await scene.files(broker, { passwordUsers: [] });
    const actions: Record<(typeof steps)[number], () => Promise<void>> = {
      open: async () => {
        push = await target.open(newMark());
      },
      stage: async () => push?.stage(files),
      swap: async () => push?.swap(),
      takeEffect: async () => push?.takeEffect('reload'),
      keep: async () => push?.keep(),
    };
    for (const step of steps) {
      onStep(step);
      await actions[step]();
    }
  }

  /** How many bytes a push has sent before each of its steps, and after the last; the same each time. */
  let measured: Promise<number[]> | undefined;
  const sentBefore = () => {
    measured ??= measure();
    return measured;
  };
  async function measure(): Promise<number[]> {
    const whole = await startLink(host.device.port);
    const trial = host.target({ port: whole.port });
    const marks: number[] = [];
    await pushThrough(trial, () => marks.push(whole.sent()));
    marks.push(whole.sent());
    await trial.release();
    await whole.stop();
    await putInForce(broker, before ?? [], 'reload');
    return marks;
  }

  // Cut in the middle of what is sent, and right after it: then the script runs to its end, and nobody hears of it.
  it.each(steps.flatMap((step) => [0.5, 0.98].map((part) => [step, part] as const)))(
    'a connection that is cut during %s, after %d of it',
    async (step, part) => {
      const marks = await sentBefore();
      const index = steps.indexOf(step);
      const [begin = 0, end = 0] = marks.slice(index, index + 2);
      const link = await startLink(host.device.port, { cutAfter: Math.floor(begin + (end - begin) * part) });
      let last = '';
      const attempt = pushThrough(other({ port: link.port }), (now) => {
        last = now;
      });
      const failure: unknown = await attempt.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(steps.indexOf(last as typeof step)).toBeGreaterThanOrEqual(Math.max(0, index - 1));
      // A cut while no script runs is noticed by the next one, which logs in anew: then it goes on to the end.
      if (failure === undefined) expect(last).toBe('keep');
      else expect(failure).toMatchObject({ code: expect.stringMatching(/^(remote|broker)\//) });
      await link.stop();

      await undoWhatIsOpen();
      if (last === 'keep') await putInForce(broker, before ?? [], 'reload');
      await expectAsBefore();
    },
  );

  it('the loss of the connection under its own undo: the next one finishes it', async () => {
    const link: Link = await startLink(host.device.port);
    const push = await other({ port: link.port }).open(newMark());
    await push.stage(await scene.files(broker, { passwordUsers: [] }));
    await push.swap();
    await push.takeEffect('reload');
    const undoing = push.undo();
    setTimeout(() => link.stop(), 150);
    await undoing.catch(() => {});
    await undoWhatIsOpen();
    await expectAsBefore();
  });

  it('a full disk', async () => {
    const directory = join(host.configDirectory, '..', 'small');
    await mkdir(directory);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=755', 'tmpfs', directory]);
    cleanUp.push(() => run('umount', [directory]));
    await run('sh', ['-c', `cp -p ${host.configDirectory}/*[a-z] ${directory}/`]);
    const fill = () => run('sh', ['-c', `cat /dev/zero >${directory}/filler 2>/dev/null || true`]);
    const target = other({}, { configDirectory: directory });
    const held = await target.current();
    const files = (held ?? []).map((file) =>
      file.name === 'acl' ? { ...file, content: Buffer.from('user x\n'.repeat(100_000)) } : file,
    );
    const push = await target.open(newMark());
    await expect(push.stage(files)).rejects.toMatchObject({ code: 'broker/disk-full' });
    await fill();
    await push.undo();
    expect(await target.current()).toEqual(held);
    expect(await target.unfinished()).toBeUndefined();
    await fill();
    await expect(target.open(newMark())).rejects.toMatchObject({ code: 'broker/disk-full' });
    expect(await target.unfinished()).toBeUndefined();
    await expectAsBefore();
  });

  it('a directory that is mounted read-only', async () => {
    const directory = join(host.configDirectory, '..', 'fixed');
    await mkdir(directory);
    await run('mount', ['-t', 'tmpfs', '-o', 'ro,size=256k', 'tmpfs', directory]);
    cleanUp.push(() => run('umount', [directory]));
    const target = other({}, { configDirectory: directory });
    await expect(target.open(newMark())).rejects.toMatchObject({ code: 'broker/not-writable' });
  });

  it('a login that may not write', async () => {
    const user = await addHostUser('none');
    cleanUp.push(user.remove);
    const device = await startSshd({ login: user });
    cleanUp.push(device.stop);
    const way = { ...device, hostKey: { kind: 'pinned', fingerprint: device.fingerprint } } as const;
    const target = other(way, { username: user.username });
    await expect(target.open(newMark())).rejects.toMatchObject({ code: 'broker/not-writable' });
    await expect(target.current()).rejects.toMatchObject({ code: 'broker/not-readable' });

    const sudo = other(way, { username: user.username, useSudo: true });
    await expect(sudo.describe()).rejects.toMatchObject({ code: 'remote/wrong-sudo-password' });
    await expectAsBefore();
  });

  it.each([
    ['without any right', 'none'],
    ['with the right to something else', 'for one other command'],
  ] as const)('a login %s to sudo', async (_what, right) => {
    const user = await addHostUser(right);
    cleanUp.push(user.remove);
    const device = await startSshd({ login: user });
    cleanUp.push(device.stop);
    const way = { ...device, hostKey: { kind: 'pinned', fingerprint: device.fingerprint } } as const;
    const target = other(way, { username: user.username, useSudo: true }, user.password);
    await expect(target.describe()).rejects.toMatchObject({ code: 'remote/no-sudo' });
  });

  it('a missing directory, pid file or service, each by its own code', async () => {
    const nowhere = { configDirectory: '/nowhere/at/all' };
    await expect(other({}, nowhere).open(newMark())).rejects.toMatchObject({ code: 'broker/config-directory-missing' });
    const noPid = other({}, { control: { kind: 'pidFile', path: '/nowhere/pid' } });
    expect(await noPid.describe()).toMatchObject({ state: 'stopped' });
    const noUnit = other({}, { control: { kind: 'systemd', unit: 'no-such.service' } });
    await expect(noUnit.describe()).rejects.toMatchObject({ code: 'broker/unit-missing' });
  });

  it('a pid file that names another process, and leaves that alone', async () => {
    const pidFile = join(host.configDirectory, '..', 'run', 'stranger');
    await writeFile(pidFile, `${process.pid}\n`);
    const target = other({}, { control: { kind: 'pidFile', path: pidFile } });
    expect(await target.describe()).toMatchObject({ state: 'stopped' });
    await target.stop();
  });

  it('a server that is not there, another host key, and a login that is refused, which is tried once', async () => {
    const nobody = await freePort();
    await expect(other({ port: nobody }).describe()).rejects.toMatchObject({ code: 'remote/unreachable' });
    const hostKey = { kind: 'pinned', fingerprint: 'A'.repeat(43) } as const;
    await expect(other({ hostKey }).describe()).rejects.toMatchObject({ code: 'remote/host-key-changed' });

    const link = await startLink(host.device.port);
    cleanUp.push(link.stop);
    const wrong = other({ port: link.port, authentication: { kind: 'password', password: 'wr0ng-passw0rd' } });
    await expect(wrong.describe()).rejects.toMatchObject({ code: 'remote/authentication-failed' });
    const sent = link.sent();
    await expect(wrong.current()).rejects.toMatchObject({ code: 'remote/authentication-failed' });
    expect(link.sent()).toBe(sent);
  });

  it.each([
    ['acl', ''],
    ['passwd-devices', 'plc-c1b2c3d4:anything\n'],
    ['ca.crl', 'damaged'],
  ])('a staged %s that is damaged before the swap', async (name, content) => {
    const push = await broker.open(newMark());
    const changed = (before ?? []).map((file) => ({
      ...file,
      content: Buffer.concat([file.content, Buffer.from('\n')]),
    }));
    await push.stage(changed);
    const staged = join(host.configDirectory, '.voke/push/staged', name);
    await chmod(staged, 0o600);
    await writeFile(staged, content);
    await expect(push.swap()).rejects.toMatchObject({
      code: 'broker/hash-mismatch',
      message: expect.stringContaining(name),
    });
    await push.undo();
    await expectAsBefore();
  });

  it('an operator who edits a file meanwhile: the edit is kept', async () => {
    const push = await broker.open(newMark());
    await push.stage(await scene.files(broker, { passwordUsers: [] }));
    const edited = join(host.configDirectory, 'acl-devices');
    const text = await readFile(edited, 'utf8');
    await writeFile(edited, `${text}user somebody\n`);
    await expect(push.swap()).rejects.toMatchObject({ code: 'broker/changed-meanwhile' });
    await rm(join(host.configDirectory, '.voke/push'), { recursive: true });
    expect(await readFile(edited, 'utf8')).toContain('user somebody');
    await writeFile(edited, text);
    await expectAsBefore();
  });
});
